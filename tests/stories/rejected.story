ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator rejects m1: she found it already
m1 is rejected
the operator cannot approve m1: rejected
the platform has 0 replies
why m1 tells: she found it already
