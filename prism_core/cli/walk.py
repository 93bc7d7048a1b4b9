"""The steps of `prism try`: each shown as Python code, run, and answered for in comments."""

from __future__ import annotations

import textwrap
from typing import Any
from uuid import uuid4

import click

from prism_core.cli.away import came_back, page_of, waiting
from prism_core.cli.declared import ForTests, credentials_page
from prism_core.cli.exit_codes import FAILED, of_error, of_result
from prism_core.cli.python_code import Name, call, code, names
from prism_core.cli.show import harmless, print_error, readable
from prism_core.clients.prism import Prism
from prism_core.errors import AuthenticationError, ConfigurationError, PrismError, TransportError
from prism_core.schema.addresses import Address
from prism_core.schema.circumstances import BrowserInfo, OrderLine
from prism_core.schema.customers import CustomerDetails
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import PaymentMethod, Redirect, SdkToken
from prism_core.schema.payments import RedirectionData
from prism_core.schema.status import CaptureMethod, PaymentStatus

_TOLD = (
    *("status", "connector_customer_id", "connector_transaction_id", "connector_order_id"),
    *("captured_amount", "discrepancies", "not_sent", "error"),
)
"""The fields of a result that are worth a line."""
_HINTS: dict[type[PrismError], str] = {
    AuthenticationError: "Look at the variables above: are they of the test environment? %s",
    ConfigurationError: "Is the variable of what it names set? They are listed above.",
    TransportError: "Is the address right? Does this network need a proxy? See docs/network.md.",
}

_HOME = Address(
    first_name="Ada",
    last_name="Lovelace",
    line1="1 Main Street",
    city="San Francisco",
    state="CA",
    zip_code="94114",
    country_alpha2_code="US",
)
_SAMPLES = {
    "name": "Ada Lovelace",
    "phone": "+14155552671",
    "description": "A try of Prism",
    "address": _HOME,
    "billing_address": _HOME,
    "shipping_address": _HOME,
    "browser_info": BrowserInfo(ip_address="192.0.2.1", user_agent="Mozilla/5.0"),
    "return_url": "https://example.com/return",
    "webhook_url": "https://example.com/webhook",
}
"""What a connector may need, beside amounts and the customer's email."""
_WAITING = ("PAYMENT_METHOD_AWAITED", "AUTHENTICATION_PENDING")
_IDS = ("connector_transaction_id", "connector_order_id", "merchant_transaction_id")


def say(text: str) -> None:
    """A line of the program's comments."""
    lines = textwrap.wrap(
        harmless(text),
        width=96,
        initial_indent="# ",
        subsequent_indent="#   ",
        break_long_words=False,  # of addresses
        break_on_hyphens=False,
    )
    click.echo("\n".join(lines))


class Walk:
    """A checkout with one payment method, or without one on the processor's page. `shown` says
    whether the method's secrets may be printed: what a connector declares for tests is public."""

    def __init__(
        self,
        prism: Prism,
        connector: str,
        method: PaymentMethod | None,
        amount: Money,
        known: ForTests,
        *,
        shown: bool,
    ) -> None:
        self._prism, self._connector, self._shown = prism, connector, shown
        self._info, self._amount, self._method = prism.connector, amount, method
        self._known, self._id = known, f"try_{uuid4().hex[:12]}"
        email = f"{self._id}@example.com"  # some processors have one customer for each
        self._samples: dict[str, Any] = {
            **_SAMPLES,
            "amount": amount,
            "email": email,
            "customer": CustomerDetails(name="Ada Lovelace", email=email),
            "order_details": (OrderLine(product_name="Tea", amount=amount),),
        }

    @staticmethod
    def begins_with(method: PaymentMethod | None) -> tuple[str, str]:
        """The operation that pays, and the client's method for it."""
        if method is None:
            return "create_order", "payments.create_order"
        return "authorize", "payments.authorize"

    def walk(self) -> None:
        """Makes the calls. Ends the command where one fails, or the payment is declined."""
        made, paid = self._created(), self._paid()
        needed = sorted({"Prism", *names([*made.values(), *paid.values()])})
        click.echo(f"\nfrom prism_core import {', '.join(needed)}\n")
        click.echo("# Make one, and keep it as long as your application runs.")
        click.echo(f"prism = Prism.from_env({code(self._connector)})")
        if made:
            customer = self._run(
                "A customer. Store connector_customer_id with your user.",
                *("customer", "customers.create", "create_customer", made),
            )
            paid["connector_customer_id"] = customer.connector_customer_id
        elif not self._info.keeps_customers:
            say(f"{self._info.display_name} stores no customers: your own id links the payments.")
            paid["connector_customer_id"] = self._id
        payment = self._begun(paid, known=bool(made))
        if payment.redirection_data is not None:
            payment = self._returned(payment, paid)
        else:
            payment = self._looked_up(payment)
        self._captured(payment)
        self._say_what_is_next(payment)

    def _created(self) -> dict[str, Any]:
        """The fields of the customer; none where the processor stores no customers."""
        if not self._prism.supports("create_customer"):
            return {}
        wanted = {name: self._samples[name] for name in ("name", "email")}
        return {"merchant_customer_id": self._id, **self._fit("create_customer", wanted)}

    def _paid(self) -> dict[str, Any]:
        """The fields of the payment, without its customer."""
        operation, _ = self.begins_with(self._method)
        fields: dict[str, Any] = {"merchant_transaction_id": self._id, "amount": self._amount}
        leaves = self._method is None or isinstance(self._method, Redirect)
        if self._method is not None:
            fields["payment_method"] = self._method
        # A customer who leaves pays at once, with most processors.
        if CaptureMethod.MANUAL in self._info.capture_methods and not leaves:
            fields["capture_method"] = "MANUAL"
        back = {"return_url": self._samples["return_url"]} if leaves or not self._shown else {}
        return fields | self._fit(operation, back)

    def _fit(self, operation: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """Those of the wanted fields that the connector sends, and all that it needs."""
        needed = [one.partition(".")[0] for one in self._info.needs.get(operation, ())]
        sent = {name: v for name, v in wanted.items() if self._prism.supports(operation, name)}
        return sent | {name: self._samples[name] for name in needed if name in self._samples}

    def _begun(self, fields: dict[str, Any], *, known: bool) -> Any:
        operation, method = self.begins_with(self._method)
        shown = {"connector_customer_id": Name("customer.connector_customer_id")} if known else {}
        if not self._prism.supports(operation, "connector_customer_id"):
            fields.pop("connector_customer_id", None)
            shown.clear()
        about = (
            "A payment that the customer makes on a page."
            if self._method is None
            else "A payment. A decline is a result with a status, no exception."
        )
        return self._not_declined(
            operation, self._run(about, "payment", method, operation, fields, **shown)
        )

    def _not_declined(self, operation: str, payment: Any) -> Any:
        if of_result(operation, payment) == FAILED:
            what = "declined or given up" if operation == "complete" else "declined"
            say(f"It was {what}. Try another payment method: prism try --help.")
            click.get_current_context().exit(FAILED)
        return payment

    def _returned(self, payment: Any, paid: dict[str, Any]) -> Any:
        """Waits until the customer is back, and asks the processor what became of the payment."""
        returned = self._sent_away(payment.redirection_data)
        if not self._prism.supports("complete"):
            return self._looked_up(payment)
        ids = {name: getattr(payment, name) for name in _IDS if getattr(payment, name)}
        fields = {**ids, "amount": self._amount, "returned": returned}
        if "capture_method" in paid:
            fields["capture_method"] = paid["capture_method"]
        done = self._run(
            "The customer is back. Only the processor says what became of the payment.",
            *("payment", "payments.complete", "complete", fields),
            **{name: Name(f"payment.{name}") for name in ids},
            returned=Name("returned"),
        )
        return self._not_declined("complete", done)

    def _sent_away(self, data: RedirectionData) -> dict[str, str]:
        """Shows the page, waits for the user, and gives what the return URL got."""
        with page_of(data) as page:
            if page:
                say(f"The customer pays or confirms here: {page}")
            if data.display:
                say(f"The customer is shown: {readable(dict(data.display))}")
            if self._known.page and self._method is None:
                say(self._known.page)
            click.echo(f"\n{waiting(data)}")
            return came_back(page)

    def _looked_up(self, payment: Any) -> Any:
        """The payment as the processor has it now, if it can be asked."""
        for name in _IDS:
            value = getattr(payment, name)
            if value and self._prism.supports("get_payment", name):
                return self._run(
                    "The same payment, as the processor has it now.",
                    *("payment", "payments.get", "get_payment", {name: value}),
                    **{name: Name(f"payment.{name}")},
                )
        say(self._info.unsupported.get("get_payment", "There is nothing to look up yet."))
        return payment

    def _captured(self, payment: Any) -> None:
        """Captures what was authorized, or else voids it."""
        verb = "capture" if self._prism.supports("capture") else "void"
        if payment.status is PaymentStatus.AUTHORIZED and self._prism.supports(verb):
            self._run(
                "The money that was held is taken." if verb == "capture" else "It is cancelled.",
                *("payment", f"payments.{verb}", verb),
                {"connector_transaction_id": payment.connector_transaction_id}
                | self._fit(verb, {}),
                connector_transaction_id=Name("payment.connector_transaction_id"),
            )

    def _run(
        self, about: str, target: str, method: str, operation: str, fields: Any, **shown: Any
    ) -> Any:
        """One call, shown before it is made. Ends the command if it raises."""
        click.echo()
        say(about)
        click.echo(call(target, f"prism.{method}", {**fields, **shown}, self._shown))
        service, _, name = method.partition(".")
        context = click.get_current_context()
        try:
            result = getattr(getattr(self._prism, service), name)(**fields)
        except PrismError as error:
            print_error(error, as_json=False)
            hints = [hint for kind, hint in _HINTS.items() if isinstance(error, kind)]
            usual = (
                f"Its fields: prism schema {operation}. The processor: {self._info.docs}. "
                "Another amount or currency: --amount '10.00 EUR'."
            )
            page = credentials_page(self._info.account)
            click.echo((hints or [usual])[0].replace("%s", page).rstrip(), err=True)
            for note in () if hints else self._info.notes:
                click.echo(f"- {note}", err=True)
            return context.exit(of_error(error))
        for key in _TOLD:
            value = result.to_dict().get(key)
            if value:
                say(f"{key}: {readable(value)}")
        return result

    def _say_what_is_next(self, payment: Any) -> None:
        """What a first payment leaves to do."""
        click.echo()
        if payment.status in _WAITING:
            say("It is not paid yet. Look it up later; an event tells it, too. What is next:")
        else:
            say("It works. What is next:")
        if SdkToken in self._info.takes("authorize"):
            say(
                "- The processor's form in your page gives an SdkToken: you see no card number. "
                f"{self._known.library}"
            )
        say("- Which status to ship on: prism schema PaymentStatus.")
        say("- Events tell what happens later: prism.events.handle in your webhook's endpoint.")
        for note in self._info.notes:
            say(f"- {note}")
