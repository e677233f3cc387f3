# SIGKILL in the middle of a delivery; after the restart the thread has exactly one reply.
kithd starts to be killed at deliver.after_intent
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
kithd is killed at deliver.after_intent
kithd starts
m1 is delivered
the platform has 1 reply
