kithd starts to be killed at judge.before_store
ann says m1: how do I reset my password?
kithd is killed at judge.before_store
kithd starts
the queue shows m1: sign-in-trouble/steps
the operator approves m1
m1 is delivered
the platform has 1 reply
