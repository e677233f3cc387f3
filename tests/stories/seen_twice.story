# Platforms tell of the same message again: it is one message and one suggestion.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the platform repeats event 1
bob says m2: how do I reset my password?
the queue shows m2: sign-in-trouble/steps
the operator approves m1
m1 is delivered
the platform has 1 reply
