idempotency: read_back
# The platform posts and answers with something that is no answer: it is looked up, and not posted again.
the platform knows no keys
the platform answers nonsense
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
m1 is delivered
the platform has 1 reply
