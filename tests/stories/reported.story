# A report to the platform counts as asking us to stop.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
ann reports us
m1 is withdrawn
the operator cannot approve m1: reported
the platform has 0 replies
