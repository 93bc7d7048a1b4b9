"""The account at Mercado Pago: its credentials, and the one currency that it takes."""

from prism_core import Account, InvalidRequest, Money, Secret, bearer
from prism_core.connector.authorization import expect_environment

API = "https://api.mercadopago.com"
# https://github.com/mercadopago/openapi#countries--site_id
CURRENCIES = ("BRL", "ARS", "CLP", "COP", "MXN", "PEN", "UYU")


class MercadoPagoAccount(Account, frozen=True, kw_only=True):
    """https://www.mercadopago.com/developers/en/docs/your-integrations/credentials

    The access token says whether it is a test. `currency` is that of your account's country: a
    payment has no field for it, so an amount in another one would be taken as if it were in this.
    """

    access_token: Secret
    currency: str
    webhook_secret: Secret | None = None
    public_key: str | None = None
    """For Mercado Pago's library in your page."""

    urls = {"SANDBOX": API, "PRODUCTION": API}
    idempotency_header = "X-Idempotency-Key"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.currency not in CURRENCIES:
            raise self._invalid("currency", f"must be one of {', '.join(CURRENCIES)}")
        # https://github.com/mercadopago/cart-woocommerce, e2e/README.md. APP_USR- says nothing:
        # https://www.mercadopago.com.mx/developers/en/docs/automatic-payments-orders/resources/credentials
        expect_environment(self, "access_token", sandbox="TEST-")

    def headers(self) -> dict[str, str]:
        """The access token."""
        return bearer(self.access_token)

    @property
    def country(self) -> str:
        """The account's country: a currency begins with it."""
        return self.currency[:2]

    def takes(self, amount: Money | None) -> None:
        """Raises `InvalidRequest` if an amount is in another currency than the account's."""
        if amount is not None and amount.currency != self.currency:
            raise InvalidRequest(
                f"amount is in {amount.currency}, and this account at Mercado Pago takes another "
                "currency alone: see its `currency`",
                field="amount",
            )
