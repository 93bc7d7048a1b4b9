"""Any request that Prism's schema allows is sent as Authorize.Net's allows it, or refused.

Hypothesis makes the requests, with texts about as long as the limits; the judge in `conftest.py`
holds what is sent against the schema.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prism_contract_tests.judging import Judge
from prism_core import (
    Ach,
    Address,
    ApplePay,
    AuthorizeRequest,
    BrowserInfo,
    CaptureRequest,
    Card,
    ChargeRecurringRequest,
    CreateCustomerRequest,
    CustomerDetails,
    GooglePay,
    InvalidRequest,
    MitCategory,
    Money,
    NetworkToken,
    OrderLine,
    RefundRequest,
    SdkToken,
    SetupRecurringRequest,
    Token,
    TokenizeRequest,
    VoidRequest,
)

from .authorizedotnet_samples import details, sent

checked = settings(
    max_examples=160,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

CONTROL = "".join(map(chr, (*range(32), 127)))
characters = st.characters(exclude_categories=["Cs"], exclude_characters=CONTROL)


def upto(longest: int) -> st.SearchStrategy[str]:
    """Texts of up to one character more than fit, often just at the limit."""
    some = st.text(characters, min_size=1, max_size=longest + 1)
    edge = st.sampled_from(["&" * longest, "<" * longest, "é" * longest, "a" * (longest + 1)])
    short = st.text("abé &<'\"", min_size=1, max_size=12)
    return st.one_of(*[short] * 6, some, edge).filter(str.strip)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The strategy, or None, which is as likely."""
    return st.none() | strategy


ids = upto(20).map(str.strip).filter(lambda text: bool(text) and text.isprintable())
digits = st.from_regex(r"[1-9][0-9]{0,24}", fullmatch=True)
profiles = digits | st.sampled_from(["cus_1", "１", "0"])
usages = st.sampled_from([None, "ON_SESSION", "OFF_SESSION"])
emails = st.from_regex(r"[a-z&']{1,20}@[a-z]{1,9}\.example", fullmatch=True)
phones = st.from_regex(r"\+1202555[0-9]{4}", fullmatch=True)
names = st.sampled_from(["Ada Lovelace", "Grace Hopper"]) | upto(50)
addresses = st.builds(
    Address,
    first_name=maybe(names),
    last_name=maybe(upto(50)),
    line1=maybe(upto(60)),
    line2=maybe(upto(30)),
    line3=maybe(upto(20)),
    city=maybe(upto(40)),
    state=maybe(upto(40)),
    zip_code=maybe(upto(20)),
    country_alpha2_code=maybe(st.sampled_from(["GB", "US"])),
    email=maybe(emails),
    phone_number=maybe(phones),
)
NUMBERS = ["4111111111111111", "4007000000027", "5424000000000015", "6205500000000000004"]
cards = st.builds(
    Card,
    number=st.sampled_from(NUMBERS),
    exp_month=st.integers(1, 12),
    exp_year=st.integers(2090, 2199),
    cvc=maybe(st.from_regex(r"[0-9]{3,4}", fullmatch=True)),
    holder_name=maybe(names),
)
tokens = st.sampled_from(["&<nonce>", '{"dataValue":"1"}']) | ids
accounts = st.builds(
    Ach,
    account_number=st.from_regex(r"[0-9]{4,17}", fullmatch=True),
    routing_number=st.just("110000000"),
    holder_name=upto(22),
    account_type=st.sampled_from(["CHECKING", "SAVINGS"]),
    holder_type=st.sampled_from(["PERSONAL", "BUSINESS"]),
)
others = st.one_of(
    accounts,
    tokens.map(SdkToken),
    tokens.map(ApplePay),
    tokens.map(GooglePay),
    st.builds(
        NetworkToken,
        number=st.sampled_from(NUMBERS),
        exp_month=st.integers(1, 12),
        exp_year=st.integers(2090, 2199),
        cryptogram=maybe(tokens),
        eci=maybe(st.sampled_from(["05", "7"])),
        token_requestor_id=maybe(ids),
        holder_name=maybe(names),
    ),
)


def lines(currency: str) -> st.SearchStrategy[OrderLine]:
    """Lines of an order in one currency, as the core wants them."""
    return st.builds(
        OrderLine,
        product_name=upto(31),
        quantity=st.integers(1, 9),
        amount=st.builds(Money, st.integers(0, 10**12), st.just(currency)),
        product_id=maybe(ids),
        description=maybe(upto(255)),
    )


# How a card and a customer go together; the last way has those that do not.
WAYS = [
    (cards, st.none(), st.none()),
    (cards, digits, usages),
    (others, maybe(digits), usages),
    (digits.map(Token), digits, usages),
    (cards | profiles.map(Token), maybe(profiles), usages),
]
CURRENCIES = ["USD", "JPY", "KWD", "CLF"]
payments = st.tuples(st.sampled_from(WAYS), st.sampled_from(CURRENCIES)).flatmap(
    lambda chosen: st.builds(
        AuthorizeRequest,
        merchant_transaction_id=ids,
        amount=st.builds(Money, st.integers(1, 10**12), st.just(chosen[1])),
        payment_method=chosen[0][0],
        connector_customer_id=chosen[0][1],
        capture_method=st.sampled_from(["AUTOMATIC", "MANUAL"]),
        setup_future_usage=chosen[0][2],
        description=maybe(upto(255)),
        billing_address=maybe(addresses),
        shipping_address=maybe(addresses.map(lambda one: Address(line1=one.line1, city=one.city))),
        customer=maybe(
            st.builds(CustomerDetails, name=maybe(names), email=maybe(emails), phone=maybe(phones))
        ),
        metadata=maybe(st.dictionaries(upto(20), upto(30), max_size=4)),
        order_details=maybe(st.lists(lines(chosen[1]), min_size=1, max_size=3)),
        browser_info=maybe(st.just(BrowserInfo(ip_address="192.0.2.10"))),
        mit_category=st.sampled_from([None, None, None, *MitCategory]),
        network_transaction_id=maybe(digits),
    )
)
customers = st.builds(
    CreateCustomerRequest,
    merchant_customer_id=ids,
    email=maybe(emails),
    description=maybe(upto(255)),
)
common: dict[str, Any] = {
    "connector_transaction_id": digits,
    "metadata": maybe(st.dictionaries(upto(20), upto(30), max_size=4)),
}
dollars = maybe(st.builds(Money, st.integers(1, 10**12), st.just("USD")))
captures = st.builds(CaptureRequest, amount=dollars, merchant_capture_id=maybe(ids), **common)
voids = st.builds(VoidRequest, merchant_void_id=maybe(ids), **common)
refunds = st.builds(RefundRequest, amount=dollars, merchant_refund_id=ids, **common)
changes = st.one_of(
    st.tuples(st.just("capture"), captures),
    st.tuples(st.just("void"), voids),
    st.tuples(st.just("refund"), refunds),
)
tokenized = st.builds(
    TokenizeRequest,
    payment_method=cards,
    connector_customer_id=profiles,
    merchant_payment_method_id=maybe(ids),
    billing_address=maybe(addresses),
)
setups = st.builds(
    SetupRecurringRequest,
    merchant_mandate_id=ids,
    payment_method=cards | digits.map(Token),
    connector_customer_id=digits,
    customer=maybe(st.builds(CustomerDetails, name=maybe(names), phone=maybe(phones))),
    amount=dollars,
    billing_address=maybe(addresses),
)
renewals = st.builds(
    ChargeRecurringRequest,
    merchant_transaction_id=ids,
    amount=st.builds(Money, st.integers(1, 10**12), st.sampled_from(["USD", "JPY"])),
    connector_mandate_id=digits,
    connector_customer_id=digits,
    network_transaction_id=st.sampled_from(
        [None, "MCC1234560101", "MCC123456  0101", "MCC-1", "é"]
    ),
    description=maybe(upto(255)),
    metadata=common["metadata"],
)
kept = st.one_of(
    st.tuples(st.just("tokenize"), tokenized),
    st.tuples(st.just("setup_recurring"), setups),
    st.tuples(st.just("charge_recurring"), renewals),
)
CARD = {"creditCard": {"cardNumber": "XXXX1111"}}


def _sent(operation: str, request: Any, child: str, *answers: bytes) -> Any:
    """What the operation sends, or its refusal to."""
    try:
        found = sent(operation, request, *answers)[child]
    except InvalidRequest as refused:
        return refused
    return found


def _told(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for entry in value.values() for text in _told(entry)]
    return (
        [text for entry in value for text in _told(entry)] if isinstance(value, list) else [value]
    )


@checked
@given(request=customers)
def test_any_customer_is_sent_by_the_schema_or_refused(
    request: CreateCustomerRequest, judge: Judge
) -> None:
    """A customer is sent whole within the schema, or the field that does not fit is named."""
    made = _sent("create_customer", request, "profile")
    assert judge.verdict() == []
    if isinstance(made, InvalidRequest):
        assert made.field in ("merchant_customer_id", "email", "description")
        return
    assert made["merchantCustomerId"] == request.merchant_customer_id
    assert made.get("description") == request.description


@checked
@given(request=payments)
def test_any_payment_is_sent_by_the_schema_or_refused(
    request: AuthorizeRequest, judge: Judge
) -> None:
    """A payment is sent within the schema with all that was told, or a field is named."""
    made = _sent("authorize", request, "transactionRequest")
    assert judge.verdict() == []
    if isinstance(made, InvalidRequest):
        assert made.field is not None
        return
    assert made["order"]["invoiceNumber"] == request.merchant_transaction_id
    texts = [str(text) for text in _told(made)]
    payer, billing = request.customer or CustomerDetails(), request.billing_address or Address()
    given = [request.description, billing.line1, billing.line3]
    given += [payer.email] if request.connector_customer_id is None else []
    given += [] if isinstance(request.payment_method, Token) else [payer.phone]
    given += [billing.city, billing.zip_code, billing.email, billing.first_name, billing.last_name]
    for one in given:
        assert one is None or any(one in text for text in texts)


@checked
@given(change=changes)
def test_any_change_is_sent_by_the_schema_or_refused(change: tuple[str, Any], judge: Judge) -> None:
    """A capture, void or refund is sent with all that was told, or its id is named as too long."""
    operation, request = change
    own_id, paid = request.reference, request.connector_transaction_id
    if own_id is not None and len(own_id) > 20:
        refused = _sent(operation, request, "transactionRequest")
        assert isinstance(refused, InvalidRequest)
        assert refused.field == request.reference_field
        return
    looks_up = operation == "refund" or getattr(request, "amount", None) is not None
    found = details("settledSuccessfully", transId=paid, payment=CARD)
    made = sent(operation, request, *[found] * looks_up)
    assert judge.verdict() == []
    assert made.get("refId") == (own_id or (paid if len(paid) <= 20 else None))
    assert made["transactionRequest"]["refTransId"] == paid
    fields = made["transactionRequest"].get("userFields", {"userField": []})["userField"]
    assert {one["name"]: one["value"] for one in fields} == (request.metadata or {})


@checked
@given(keeping=kept)
def test_any_stored_card_is_sent_by_the_schema_or_refused(
    keeping: tuple[str, Any], judge: Judge
) -> None:
    """A card to keep, a setup or a renewal is sent within the schema, or a field is named."""
    operation, request = keeping
    try:
        made, refused = sent(operation, request), None
    except InvalidRequest as problem:
        made, refused = {"refId": request.reference}, problem
    assert judge.verdict() == []
    assert refused is None or refused.field is not None
    assert made.get("refId") == request.reference
