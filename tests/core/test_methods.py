"""Payment methods without card numbers: what each checks, hides and is refused with."""

from __future__ import annotations

import pickle
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import Install, Server

from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    Becs,
    Card,
    GooglePay,
    InvalidRequest,
    NetworkToken,
    PaymentMethod,
    PaymentMethodInfo,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Secret,
    Sepa,
)
from prism_core.schema.payment_methods import _is_iban
from prism_core.schema.secrets import from_text

from .shapes import AUTHORIZE, order, small

SHOWN_AS_MASK = "sk9-not-to-be-shown"
# The example IBANs of the registry (ISO 13616) and a test routing number of the Federal Reserve.
IBANS = ["DE89370400440532013000", "NL91ABNA0417164300", "GB29NWBK60161331926819"]
ABA = ("110000000", "Ada Lovelace")
DEBITS = [
    Sepa("DE89 3704 0044 0532 0130 00", "Ada Lovelace"),
    Ach("000123456789", "110000000", "Ada Lovelace"),
    Bacs("00012345", "10-88-00", "Ada Lovelace"),
    Becs("000123456", "000-000", "Ada Lovelace"),
]
OTHERS = [
    SdkToken(SHOWN_AS_MASK, verification_token=SHOWN_AS_MASK),
    ApplePay(SHOWN_AS_MASK, transaction_identifier="tx_1"),
    GooglePay(SHOWN_AS_MASK),
    NetworkToken("4111111111111111", 12, 2090, cryptogram=SHOWN_AS_MASK),
    Redirect("BLIK", code=SHOWN_AS_MASK),
]


@pytest.mark.parametrize("method", [*DEBITS, *OTHERS])
def test_nothing_of_a_payment_method_is_shown(method: Any) -> None:
    """Neither the numbers nor what a page gave: in a repr, a text, JSON or a pickle."""
    secrets = [v.reveal() for v in msgspec.structs.asdict(method).values() if type(v) is Secret]
    assert secrets
    shown = f"{method!r} {method}"
    assert not [one for one in secrets if one in shown]
    with pytest.raises(TypeError):
        pickle.dumps(method)


@pytest.mark.parametrize("method", [*DEBITS, *OTHERS])
def test_a_payment_method_is_read_from_json_by_its_type(method: Any) -> None:
    """The type says which it is, so that a request can be written down."""
    fields = {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in msgspec.structs.asdict(method).items()
    }
    tag = type(method).__struct_config__.tag
    decoded = msgspec.convert({"type": tag, **fields}, PaymentMethod, dec_hook=from_text)  # type: ignore[arg-type]
    assert decoded == method


def test_spaces_and_hyphens_in_account_numbers_are_removed() -> None:
    """As people write them; the IBAN's letters become capital."""
    assert DEBITS[0] == Sepa("de89370400440532013000", "Ada Lovelace")
    assert DEBITS[2] == Bacs("00012345", "108800", "Ada Lovelace")


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Sepa("DE89370400440532013001", "Ada"), "iban"),
        (lambda: Sepa("DE8937", "Ada"), "iban"),
        (lambda: Sepa("8937040044053201DE", "Ada"), "iban"),
        (lambda: Ach("12a", "110000000", "Ada"), "account_number"),
        (lambda: Ach("1234", "110000001", "Ada"), "routing_number"),
        (lambda: Ach("1234", "11000000", "Ada"), "routing_number"),
        (lambda: Ach("1234", "110000000", "Ada", account_type="GOLD"), "account_type"),
        (lambda: Bacs("12345678", "1088", "Ada"), "sort_code"),
        (lambda: Becs("1", "000000", "Ada"), "account_number"),
        (lambda: NetworkToken("41", 12, 2090), "number"),
        (lambda: NetworkToken("4111111111111111", 13, 2090), "exp_month"),
        (lambda: NetworkToken("4111111111111111", 12, 90), "exp_year"),
        (lambda: Redirect("IDEALS"), "payment_method_type"),
        (lambda: SdkToken("two\nlines"), "token"),
    ],
)
def test_a_wrong_value_names_its_field_and_is_not_repeated(make: Any, field: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        make()
    assert caught.value.field == field
    assert "8937" not in str(caught.value)


@given(st.sampled_from(IBANS), st.integers(2, 33), st.sampled_from("0123456789"))
def test_one_wrong_digit_of_an_iban_is_found(iban: str, at: int, digit: str) -> None:
    """Modulo 97 finds every single wrong digit."""
    at %= len(iban)
    other = iban[:at] + digit + iban[at + 1 :]
    assert _is_iban(iban)
    assert _is_iban(other) == (other == iban) or not iban[at].isdigit()


@pytest.mark.parametrize("value", ["ideal", "IDEALS", "nothing like it", 7])
def test_of_many_types_the_one_that_was_meant_is_named(value: Any) -> None:
    """Not all of 114; and the value is not repeated."""
    with pytest.raises(InvalidRequest) as caught:
        Redirect(value)
    said = caught.value.message
    assert len(said) < 110
    assert ("did you mean IDEAL?" in said) == (str(value).upper().startswith("IDEAL"))


@pytest.mark.parametrize("value", [7, ["DE89370400440532013000"], None])
def test_a_number_of_an_account_is_a_string(value: Any) -> None:
    """In JSON, too, so that leading zeros stay."""
    given = {"type": "sepa", "iban": value, "holder_name": "Ada"}
    with pytest.raises(msgspec.ValidationError, match="Expected `str`"):
        msgspec.convert(given, PaymentMethod, dec_hook=from_text)  # type: ignore[arg-type]


def test_nothing_else_is_decoded_from_a_text() -> None:
    with pytest.raises(NotImplementedError):
        from_text(complex, "1")


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (SdkToken("tok_1"), "Small takes Card, Token, Redirect here, not SdkToken"),
        (DEBITS[0], "Small takes Card, Token, Redirect here, not Sepa"),
        (Redirect("EPS"), "Small redirects to IDEAL, BLIK, not to EPS"),
    ],
)
def test_a_method_that_is_not_taken_is_refused_with_what_is(
    plugin: Install, server: Server, method: Any, said: str
) -> None:
    info = (
        "payment_methods=(Card, Token, Redirect), "
        "payment_method_types=(PaymentMethodType.IDEAL, PaymentMethodType.BLIK)"
    )
    with (
        small(plugin, server, AUTHORIZE, info=info) as prism,
        pytest.raises(InvalidRequest) as caught,
    ):
        prism.payments.authorize(**order(payment_method=method))
    assert (caught.value.message, caught.value.field) == (said, "payment_method")
    assert server.seen == []


def test_an_operation_may_take_other_methods(plugin: Install, server: Server) -> None:
    """What can be stored differs from what can be paid with."""
    flow = (
        "tokenize:\n"
        'asked = account.post("/tokens", json={"iban": request.payment_method.iban})\n'
        "body = yield from account.fetch(asked, Body)\n"
        "return PaymentMethodStored(connector_payment_method_id=body.id)\n"
    )
    server.answer(200, {"id": "pm_1"})
    info = 'payment_methods=(Card,), payment_methods_of={"tokenize": (Sepa,)}'
    with small(plugin, server, AUTHORIZE, flow, info=info) as prism:
        with pytest.raises(InvalidRequest, match="Small takes Sepa here, not Card"):
            prism.payment_methods.tokenize(payment_method=order()["payment_method"])
        with pytest.raises(InvalidRequest, match=r"cannot send payment_method\.holder_name"):
            prism.payment_methods.tokenize(payment_method=DEBITS[0])


@pytest.mark.parametrize(
    ("iban", "private"),
    [
        ("DE89370400440532013000", True),
        ("DE89 3704 0044 0532 0130 00", True),
        ("NL91ABNA0417164300", False),
    ],
)
def test_an_account_number_that_is_repeated_is_masked(
    plugin: Install, server: Server, iban: str, private: bool
) -> None:
    """In an id of the answer, too; another account's number is an id like any other."""
    flow = AUTHORIZE.replace('"token": method.token', '"iban": method.iban').replace(
        "isinstance(method, Token)", "isinstance(method, Sepa) and method.holder_name"
    )
    server.answer(200, {"id": f"pay_{iban}"})
    with small(plugin, server, flow, info="payment_methods=(Card, Sepa)") as prism:
        paid = prism.payments.authorize(**order(payment_method=DEBITS[0]))
    assert ("**********" in str(paid.connector_transaction_id)) == private


def test_what_a_processor_tells_about_a_method_is_short() -> None:
    """A repr shows it, so a card number in a field's place is left out."""
    told = PaymentMethodInfo(
        payment_method_type=PaymentMethodType.CARD,
        brand="4242 4242 4242 4242",
        last_four="4242",
        bank_name="a bank\nwith a line break",
        country="DEU",
    )
    assert (told.brand, told.last_four, told.bank_name, told.country) == (None, "4242", None, "DEU")
    assert "last_four='4242'" in repr(told)


def test_card_types_have_the_published_names() -> None:
    """112 of them; CARD and KLARNA are Prism's own."""
    assert len(PaymentMethodType) == 114
    assert {"IDEAL", "SEPA", "PAY_PAL", "CARD"} <= {one.value for one in PaymentMethodType}
    assert Card.__struct_config__.tag == "card"
