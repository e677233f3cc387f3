# The platform posts and does not say so: the outcome is looked up, and nothing is posted twice.
the platform answers late
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
m1 is delivered
the platform has 1 reply
