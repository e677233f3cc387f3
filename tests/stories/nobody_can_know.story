idempotency: none
# A platform that cannot say whether it posted: a person looks, and nothing is sent blindly again.
kithd starts to be killed at deliver.before_record
the platform knows no keys
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
kithd is killed at deliver.before_record
kithd starts
m1 is unsure
the platform has 1 reply
the operator settles m1 as posted
m1 is delivered
the platform has 1 reply
