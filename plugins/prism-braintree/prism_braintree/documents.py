"""The GraphQL documents: https://developer.paypal.com/braintree/graphql/reference"""

MONEY = "{ value currencyCode }"
CARD = "brandCode last4 expirationMonth expirationYear origin { type }"
DETAILS = f"""
    __typename
    ... on CreditCardDetails {{ {CARD} }}
    ... on UsBankAccountDetails {{ last4 bankName }}
    ... on SEPADirectDebitAccountDetails {{ last4 }}
"""
METHOD = f"id details {{ {DETAILS} }} customer {{ id }}"
CUSTOMER = "id firstName lastName email phoneNumber customFields { name value }"
WHY = "processorResponse { legacyCode message }"
HISTORY = f"""
    status
    ... on ProcessorDeclinedEvent {{ {WHY} }}
    ... on FailedEvent {{ {WHY} }}
    ... on SettlementDeclinedEvent {{ {WHY} }}
    ... on GatewayRejectedEvent {{ gatewayRejectionReason }}
"""
REFUND = f"""
  id legacyId status orderId amount {MONEY} refundedTransaction {{ id }}
  statusHistory {{ {HISTORY} }}
"""
TRANSACTION = f"""
  id legacyId status orderId
  amount {MONEY} initialRequestedAuthorizationAmount {MONEY}
  customer {{ id }} paymentMethod {{ id }}
  paymentMethodSnapshot {{
    __typename
    ... on CreditCardTransactionDetails {{ creditCard {{ {CARD} }} networkTransactionId }}
    ... on UsBankAccountDetails {{ last4 bankName }}
    ... on LocalPaymentDetails {{ type }}
  }}
  statusHistory {{ {HISTORY} }}
  refunds {{ status amount {MONEY} }}
"""
DISPUTE = f"""
  id legacyId status type amountDisputed {MONEY} responseDeadline
  processorResponse {{ reasonCode }}
  transaction {{ {TRANSACTION} }}
"""
DONE = "clientMutationId"


def mutation(name: str, selected: str, kind: str | None = None) -> str:
    """A mutation; the type of its one argument has its name."""
    kind = kind or f"{name[0].upper()}{name[1:]}Input!"
    return f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {selected} }} }}"


def node(kind: str, selected: str) -> str:
    """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
    return f"query ($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {selected} }} }} }}"


PAID = f"transaction {{ {TRANSACTION} }}"
CHARGE = mutation("chargePaymentMethod", PAID)
AUTHORIZE = mutation("authorizePaymentMethod", PAID)
CHARGE_CARD = mutation("chargeCreditCard", PAID)
AUTHORIZE_CARD = mutation("authorizeCreditCard", PAID)
CAPTURE = mutation("captureTransaction", PAID)
RAISE = mutation("updateTransactionAmount", PAID)
REVERSED = f"""
  __typename
  ... on Transaction {{ {TRANSACTION} }}
  ... on Refund {{ refundedTransaction {{ {TRANSACTION} }} }}
"""
REVERSE = mutation("reverseTransaction", f"reversal {{ {REVERSED} }}")
MAKE_REFUND = mutation("refundTransaction", f"refund {{ {REFUND} }}")
FIND_TRANSACTION = node("Transaction", TRANSACTION)
FIND_REFUND = node("Refund", REFUND)
FIND_DISPUTE = node("Dispute", DISPUTE)
GLOBAL_ID = "query ($id: ID!, $type: LegacyIdType!) { idFromLegacyId(legacyId: $id, type: $type) }"

CREATE_CUSTOMER = mutation(
    "createCustomer", f"customer {{ {CUSTOMER} }}", kind="CreateCustomerInput"
)
UPDATE_CUSTOMER = mutation("updateCustomer", f"customer {{ {CUSTOMER} }}")
DELETE_CUSTOMER = mutation("deleteCustomer", DONE)
FIND_CUSTOMER = node("Customer", CUSTOMER)
METHODS = f"edges {{ node {{ {METHOD} }} }} pageInfo {{ hasNextPage }}"
LIST_METHODS = node("Customer", f"id paymentMethods(first: 50) {{ {METHODS} }}")
FIND_METHOD = node("PaymentMethod", METHOD)
DELETE_METHOD = mutation("deletePaymentMethodFromVault", DONE)

TOKENIZED = "paymentMethod { id }"
TOKENIZE_CARD = mutation("tokenizeCreditCard", TOKENIZED)
TOKENIZE_NETWORK_TOKEN = mutation("tokenizeNetworkToken", TOKENIZED)
TOKENIZE_BANK_ACCOUNT = mutation("tokenizeUsBankAccount", TOKENIZED)
VERIFIED = f"verification {{ status {WHY} gatewayRejectionReason }}"
VAULTED = f"paymentMethod {{ {METHOD} }} {VERIFIED} {DONE}"
VAULT = mutation("vaultPaymentMethod", VAULTED)
VAULT_CARD = mutation("vaultCreditCard", VAULTED)
VAULT_BANK_ACCOUNT = mutation("vaultUsBankAccount", VAULTED)
CLIENT_TOKEN = mutation("createClientToken", "clientToken", kind="CreateClientTokenInput")
