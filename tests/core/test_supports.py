"""What a connector can send, asked before anything is built: seen from its flows."""

from __future__ import annotations

import pytest
from support import Install, Server

from prism_core import AsyncPrism, Card, ConfigurationError, Prism
from prism_core.runtime import observation
from prism_core.schema.customers import CreateCustomerRequest

from .shapes import AUTHORIZE, CREATE, small, source

FINDING = """get_customer:
if request.merchant_customer_id is not None:
    asked = account.get("/customers", query={"ref": request.merchant_customer_id})
else:
    asked = account.get("/customers/{}", request.connector_customer_id)
body = yield from account.fetch(asked, Body)
return Customer(connector_customer_id=body.id)
"""
NEEDING = AUTHORIZE.replace(
    "form = {",
    "if request.setup_future_usage is not None:\n"
    '    needs("connector_customer_id", request.connector_customer_id, "to store a card")\n'
    "if request.off_session:\n"
    '    raise InvalidRequest("never", field="off_session")\n'
    'needs("return_url", request.return_url, "with every payment")\n'
    "form = {",
)


ONE_NAME = AUTHORIZE.replace(
    "form = {",
    "if isinstance(method, Card):\n"
    "    bill = request.billing_address or Address()\n"
    "    payer = request.customer or CustomerDetails()\n"
    '    single_value("name", "customer", method.holder_name, bill.full_name, payer.name)\n'
    "form = {",
)


BY_METHOD = """authorize:
method = request.payment_method
form = {"ref": request.merchant_transaction_id, "amount": request.amount.minor_amount}
if isinstance(method, SdkToken):
    form["device"] = request.browser_info and request.browser_info.ip_address
    form["token"] = method.token if method.token.reveal() == "tok_own" else account.fail
elif method.payment_method_type is PaymentMethodType.EPS:
    form["back"] = request.return_url
else:
    form["lines"] = [one.product_name for one in request.order_details or ()]
body = yield from account.fetch(account.post("/payments", json=form), Body)
return Payment(status=PaymentStatus.AUTHORIZED, connector_transaction_id=body.id)
"""


def test_every_kind_and_type_of_method_is_tried(plugin: Install, server: Server) -> None:
    """Each may send other fields; a token is in the form that the connector shows."""
    info = (
        'payment_methods=(SdkToken, Redirect), sdk_token_example="tok_own", '
        "payment_method_types=(PaymentMethodType.IDEAL, PaymentMethodType.EPS)"
    )
    with small(plugin, server, BY_METHOD, info=info) as prism:
        for field in ("browser_info.ip_address", "return_url", "order_details"):
            assert prism.supports("authorize", field)
        for field in ("browser_info.user_agent", "cancel_url", "payment_method.bank_name"):
            assert not prism.supports("authorize", field)
    assert server.seen == []


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        (None, True),
        ("amount", True),
        ("payment_method.cvc", True),
        ("payment_method.holder_name", False),
        ("billing_address", True),  # with a card, if not with a token
        ("billing_address.city", True),
        ("billing_address.line3", False),
        ("shipping_address.city", True),
        ("description", False),
        ("return_url", True),
        ("setup_future_usage", True),  # which needs the customer
        ("off_session", False),  # which is read, and refused
        ("capture_method", True),
    ],
)
def test_what_is_sent_is_what_is_read(
    plugin: Install, server: Server, field: str | None, sent: bool
) -> None:
    """In some case that the connector does not refuse; nothing leaves for that."""
    with small(plugin, server, NEEDING) as prism:
        assert prism.supports("authorize", field) is sent
    assert server.seen == []


def test_one_place_for_three_names_keeps_none_from_being_sent(
    plugin: Install, server: Server
) -> None:
    """Some processors have one name for the card, its billing address and the customer: the
    samples have one."""
    with small(plugin, server, ONE_NAME) as prism:
        for field in ("billing_address", "payment_method.holder_name", "customer"):
            assert prism.supports("authorize", field)


def test_a_flow_that_takes_few_currencies_is_asked_with_one_of_them(
    plugin: Install, server: Server
) -> None:
    """The usual one that the connector declares: what is sent with it is sent."""
    picky = AUTHORIZE.replace(
        "form = {",
        'if request.amount.currency != "GBP":\n'
        '    raise InvalidRequest("pounds alone", field="amount")\n'
        "form = {",
    )
    with small(plugin, server, picky, info='currencies=("GBP", "EUR"),') as prism:
        assert prism.supports("authorize", "merchant_transaction_id")


def test_what_is_not_there_is_not_supported(plugin: Install, server: Server) -> None:
    """An operation that the connector does not have; and names that nobody has are an error."""
    with small(plugin, server, CREATE) as prism:
        assert prism.supports("create_customer")
        assert not prism.supports("authorize", "amount")
        with pytest.raises(ConfigurationError, match="no operation is called 'pay'"):
            prism.supports("pay")
        with pytest.raises(ConfigurationError, match="the names of the hooks, such as 'authorize'"):
            prism.supports("payments.authorize")
        with pytest.raises(ConfigurationError, match="has no 'nickname'"):
            prism.supports("create_customer", "nickname")


def test_what_the_connector_declares_is_public(plugin: Install, server: Server) -> None:
    """A shop shows what can be paid with, without knowing which processor it is."""
    with small(plugin, server, CREATE) as prism:
        assert prism.connector is prism.customers.connector
        assert Card in prism.connector.payment_methods
        assert prism.connector.display_name == "Small"


def test_a_flow_that_fails_on_a_sample_is_no_failure_of_the_question(
    plugin: Install, server: Server
) -> None:
    """A connector's bug shows where it is called; what its flow reads in other cases, it sends."""
    stripped = CREATE.replace("_id}", '_id, "name": request.name.strip()}')
    with small(plugin, server, stripped) as prism:
        assert prism.supports("create_customer", "name")


def test_what_speaks_to_the_core_is_not_sent(plugin: Install, server: Server) -> None:
    """A flow may read what the caller wants of a conflict."""
    reading = CREATE.replace("\n", "\nrequest.on_conflict\n", 1)
    with small(plugin, server, reading) as prism:
        assert prism.supports("create_customer", "merchant_customer_id")
        assert not prism.supports("create_customer", "on_conflict")


def test_the_async_client_knows_it_too(plugin: Install, server: Server) -> None:
    """It needs no event loop."""
    with small(plugin, server, CREATE):
        assert AsyncPrism("small").customers.supports("create_customer", "merchant_customer_id")


def test_one_of_two_ids_is_enough(plugin: Install, server: Server) -> None:
    """A lookup takes exactly one of them: each is tried alone."""
    with small(plugin, server, FINDING, *EVENTS) as prism:
        assert prism.supports("get_customer", "merchant_customer_id")
        assert prism.supports("get_customer", "connector_customer_id")
        assert prism.supports("handle_event")
        assert not prism.supports("handle_event", "body")  # it is received


EVENTS = ("handle_event:\nyield from ()\n",)


def test_a_refusal_that_names_no_field_says_nothing(plugin: Install, server: Server) -> None:
    """Nor does one that names a field which the request does not have."""
    refusing = CREATE.replace("body =", "raise InvalidRequest('no', field='shoe_size')\nbody =")
    with small(plugin, server, refusing) as prism:
        assert not prism.supports("create_customer", "email")


def test_a_customer_is_found_before_one_is_made(plugin: Install, server: Server) -> None:
    """get_or_create asks a processor that finds them by the caller's id, and no other."""
    wanted = CreateCustomerRequest(merchant_customer_id="user_1")
    server.answer(200, {"id": "cus_1"})
    with small(plugin, server, CREATE, FINDING) as prism:
        assert prism.customers.get_or_create(wanted).existed
    assert [seen.method for seen in server.seen] == ["GET"]


def test_a_flow_that_fails_at_once_sends_nothing(plugin: Install, server: Server) -> None:
    """What it raises for a sample is no answer to the question, and no error either."""
    broken = "create_customer:\nraise UnsupportedOperation('not yet')\nyield\n"
    with small(plugin, server, broken) as prism:
        assert not prism.supports("create_customer", "email")


@pytest.mark.parametrize(
    "bug",
    ["request.name.upper()", "raise KeyError(1)", "raise Declined(ErrorAnswer(), None)", "return"],
)
def test_a_case_in_which_nothing_is_sent_sends_no_field(
    plugin: Install, server: Server, bug: str
) -> None:
    """A flow that fails for one sample is still asked about the others, and what it read before
    it failed was not sent. `supports` and get_or_create raise nothing of its own."""
    flow = CREATE.replace(
        "body =", f"if request.phone is None or request.email:\n    {bug}\nbody ="
    )
    server.answer(200, {"id": "cus_1"})
    with small(plugin, server, flow, *FINDING_BADLY) as prism:
        assert prism.supports("create_customer", "phone")
        assert not prism.supports("create_customer", "email")
        created = prism.customers.get_or_create(
            merchant_customer_id="user_1", name="Ada", phone="+14155552671"
        )
    assert created.connector_customer_id == "cus_1"


def test_a_flow_that_goes_on_when_it_is_closed_hides_no_answer(
    plugin: Install, server: Server
) -> None:
    flow = "create_customer:\ntry:\n    request.merchant_customer_id\n    yield account.get('/')\n"
    with small(plugin, server, flow + "finally:\n    yield account.get('/')\n") as prism:
        assert prism.supports("create_customer", "merchant_customer_id")


FINDING_BADLY = ("get_customer:\nraise KeyError(1)\nyield\n",)
BY_SETTING = CREATE.replace("body =", "account.keeps_names and request.name\nbody =")


def test_accounts_that_are_set_up_otherwise_are_asked_on_their_own(
    plugin: Install, server: Server
) -> None:
    """A setting decides here whether the name is sent."""
    plugin("small", source(BY_SETTING, account="keeps_names: bool = False"))
    for keeps in (False, True, False):
        with Prism("small", base_url=server.url, keeps_names=keeps) as prism:
            assert prism.supports("create_customer", "name") is keeps


def test_what_is_kept_is_bounded(plugin: Install, server: Server) -> None:
    """A platform opens an account for each of its merchants."""
    observation._seen.clear()
    with small(plugin, server, CREATE) as prism:
        for number in range(observation._MOST):
            observation._seen[prism._engine.connector, str(number), ()] = frozenset()
        assert prism.supports("create_customer", "merchant_customer_id")
    assert len(observation._seen) == 1
