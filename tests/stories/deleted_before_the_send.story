ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
ann deletes m1
m1 is withdrawn
the operator cannot approve m1: deleted
the platform has 0 replies
