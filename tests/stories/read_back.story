idempotency: read_back
# Without keys, but with a way to look: one reply, found after the first request can no longer be under way.
kithd starts to be killed at deliver.before_record
the platform knows no keys
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
kithd is killed at deliver.before_record
kithd starts
m1 is delivered
the platform has 1 reply
