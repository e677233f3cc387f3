ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
ann deletes m1 unnoticed
the operator approves m1
m1 is withdrawn
the platform has 0 replies
