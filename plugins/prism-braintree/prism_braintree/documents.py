"""The GraphQL documents: https://developer.paypal.com/braintree/graphql/reference"""

MONEY = "{ value currencyCode }"
CARD = "brandCode last4 expirationMonth expirationYear origin { type }"
BANK = "... on UsBankAccountDetails { last4 bankName }"
DETAILS = (
    f"details {{ __typename ... on CreditCardDetails {{ {CARD} }} "
    "... on UsBankAccountDetails { last4 bankName verified } "
    "... on SEPADirectDebitAccountDetails { last4 } }"
)
SNAPSHOT = (
    "paymentMethodSnapshot { __typename "
    f"... on CreditCardTransactionDetails {{ creditCard {{ {CARD} }} networkTransactionId }} "
    f"{BANK} ... on LocalPaymentDetails {{ type }} }}"
)
WHY = "processorResponse { legacyCode message }"
HISTORY = (
    f"statusHistory {{ status ... on ProcessorDeclinedEvent {{ {WHY} }} "
    f"... on FailedEvent {{ {WHY} }} ... on SettlementDeclinedEvent {{ {WHY} }} "
    "... on GatewayRejectedEvent { gatewayRejectionReason } }"
)
TRANSACTION = (
    f"id legacyId status orderId amount {MONEY} initialRequestedAuthorizationAmount {MONEY} "
    f"customer {{ id }} paymentMethod {{ id }} {SNAPSHOT} {HISTORY} "
    f"refunds {{ status amount {MONEY} }} disputes {{ status type amountDisputed {MONEY} }}"
)
PAID = f"transaction {{ {TRANSACTION} }}"
REVERSED = (
    f"reversal {{ ... on Transaction {{ {TRANSACTION} }} "
    f"... on Refund {{ refundedTransaction {{ {TRANSACTION} }} }} }}"
)
REFUND = f"id legacyId status orderId amount {MONEY} refundedTransaction {{ id }} {HISTORY}"
DISPUTE = (
    f"id legacyId status type amountDisputed {MONEY} responseDeadline "
    f"processorResponse {{ reasonCode }} {PAID}"
)
CUSTOMER = "id firstName lastName email phoneNumber customFields { name value }"
METHOD = f"id {DETAILS} customer {{ id }}"
METHODS = f"edges {{ node {{ {METHOD} }} }} pageInfo {{ hasNextPage }}"
DONE = "clientMutationId"
VAULTED = (
    f"{DONE} paymentMethod {{ {METHOD} }} verification {{ status {WHY} gatewayRejectionReason }}"
)
TOKENIZED = "paymentMethod { id }"


def mutation(name: str, selected: str, kind: str | None = None) -> str:
    """A mutation; the type of its one argument has its name."""
    kind = kind or f"{name[0].upper()}{name[1:]}Input!"
    return f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {selected} }} }}"


def node(kind: str, selected: str) -> str:
    """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
    return f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {selected} }} }} }}"


CHARGE = mutation("chargePaymentMethod", PAID)
AUTHORIZE = mutation("authorizePaymentMethod", PAID)
CHARGE_CARD = mutation("chargeCreditCard", PAID)
AUTHORIZE_CARD = mutation("authorizeCreditCard", PAID)
CAPTURE = mutation("captureTransaction", PAID)
RAISE = mutation("updateTransactionAmount", PAID)
REVERSE = mutation("reverseTransaction", REVERSED)
MAKE_REFUND = mutation("refundTransaction", f"refund {{ {REFUND} }}")
FIND_TRANSACTION = node("Transaction", TRANSACTION)
FIND_REFUND = node("Refund", REFUND)
FIND_DISPUTE = node("Dispute", DISPUTE)
FIND_ID = "query ($id: ID!, $type: LegacyIdType!) { idFromLegacyId(legacyId: $id, type: $type) }"

CREATE_CUSTOMER = mutation("createCustomer", f"customer {{ {CUSTOMER} }}", "CreateCustomerInput")
UPDATE_CUSTOMER = mutation("updateCustomer", f"customer {{ {CUSTOMER} }}")
DELETE_CUSTOMER = mutation("deleteCustomer", DONE)
FIND_CUSTOMER = node("Customer", CUSTOMER)

TOKENIZE_CARD = mutation("tokenizeCreditCard", TOKENIZED)
TOKENIZE_NETWORK_TOKEN = mutation("tokenizeNetworkToken", TOKENIZED)
TOKENIZE_BANK_ACCOUNT = mutation("tokenizeUsBankAccount", TOKENIZED)
VAULT = mutation("vaultPaymentMethod", VAULTED)
VAULT_CARD = mutation("vaultCreditCard", VAULTED)
VAULT_BANK_ACCOUNT = mutation("vaultUsBankAccount", VAULTED)
LIST_METHODS = node("Customer", f"id paymentMethods(first: 50) {{ {METHODS} }}")
FIND_METHOD = node("PaymentMethod", METHOD)
DELETE_METHOD = mutation("deletePaymentMethodFromVault", DONE)
CLIENT_TOKEN = mutation("createClientToken", "clientToken", "CreateClientTokenInput")
