ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator stops all: the site is down
the operator approves m1
m1 is approved
kithd starts
m1 is approved
the platform was asked for nothing
the operator resumes all
m1 is delivered
the platform has 1 reply
the audit chain is whole
