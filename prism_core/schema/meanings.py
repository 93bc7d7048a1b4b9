"""What a field means that means the same in every request and result. A class whose field means
more says so in its own docstring; `prism schema` shows that instead."""

from __future__ import annotations

MEANINGS: dict[str, str] = {
    # Requests
    "timeout": "Seconds for the whole call, retries included; the client's own if not given.",
    "max_retries": "Repetitions after the first attempt; the client's own if not given.",
    "idempotency_key": "The same key again is the same operation: nothing is done twice. In a "
    "result, the key that was sent.",
    "amount": "The amount, in the currency's minor units.",
    "payment_method": "What is paid with; in a result, a description of it.",
    "customer": "The customer's data, for processors that store no customers.",
    "customer_acceptance": "That the customer agreed to be charged again, and how.",
    "name": "The customer's full name.",
    "email": "The customer's email address.",
    "phone": "The customer's phone number, in E.164 form.",
    "address": "The customer's postal address.",
    "billing_address": "The address that belongs to the payment method.",
    "shipping_address": "Where the goods go.",
    "description": "A text for you, or for the customer where the processor shows it.",
    "metadata": "Your own names and values, stored at the processor.",
    "statement_descriptor_suffix": "What follows your name on the customer's statement.",
    "locale": "The language of pages, and the country: a tag such as 'en-US' (RFC 5646); the "
    "connector writes it as its processor does.",
    "return_url": "Where the customer comes back to, after paying or authenticating.",
    "cancel_url": "Where the customer comes back to, after giving up.",
    "webhook_url": "Where the events of this payment go, in place of the account's own URL.",
    "auth_type": "Whether 3-D Secure is asked for.",
    "authentication_data": "The result of 3-D Secure that was done elsewhere.",
    "browser_info": "The customer's browser, for 3-D Secure and against fraud.",
    "capture_method": "Whether the money is captured at once, or by a later `capture`.",
    "setup_future_usage": "That the payment method will be used again: the processor stores it.",
    "order_details": "The lines of the order, in the currency of the amount.",
    "payment_method_type": "The kind of payment method.",
    "payment_method_types": "The kinds of payment methods to offer; all of the account's if not "
    "given.",
    "connector_feature_data": "More fields for the body of the processor's request, by its own "
    "names.",
    "on_conflict": "Whether an existing customer is an error or the result.",
    # Ids: yours, and the processor's
    "merchant_customer_id": "Your own id of the customer.",
    "merchant_transaction_id": "Your own id of the payment.",
    "merchant_order_id": "Your own id of the order, if it is another than the payment's.",
    "merchant_payment_method_id": "Your own id of the stored payment method.",
    "merchant_mandate_id": "Your own id of the permission to charge.",
    "merchant_refund_id": "Your own id of the refund.",
    "merchant_authorization_id": "Your own id of the raised authorization.",
    "connector_customer_id": "The processor's id of the customer.",
    "connector_transaction_id": "The processor's id of the payment.",
    "connector_order_id": "The processor's id of the order that the customer pays.",
    "connector_payment_method_id": "The processor's id of the stored payment method.",
    "connector_mandate_id": "The processor's id of the permission to charge.",
    "connector_refund_id": "The processor's id of the refund.",
    "connector_dispute_id": "The processor's id of the dispute.",
    "network_transaction_id": "The card network's id of the first payment of a series.",
    # Results
    "status": "The status, in the schema's words.",
    "error": "Why it failed, if it did.",
    "redirection_data": "Where to send the customer, or what to show them.",
    "authorized_amount": "What is held, in minor units.",
    "payment_methods": "The stored payment methods.",
    "sdk": "The values for the processor's library, by its own names.",
    "created_at": "When it happened, in Unix seconds.",
    "status_code": "The HTTP status of the last answer.",
    "request_id": "The processor's id of the request; its support asks for it.",
    "attempts": "The HTTP requests that were sent.",
    "discrepancies": "What the processor reports otherwise than it was asked.",
    "not_sent": "The given fields that the processor has no field for.",
}
