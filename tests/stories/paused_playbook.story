ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator stops playbook sign-in-trouble: the page has moved
bob says m2: how do I reset my password?
cid says m3: where can I find my invoice?
the queue shows m3: billing-question/where-to-look
why m2 tells: playbook sign-in-trouble is paused
the operator approves m3
m3 is delivered
the operator resumes playbook sign-in-trouble
the queue shows m2: sign-in-trouble/steps
dan says m4: how do I reset my password?
the queue shows m4: sign-in-trouble/steps
the operator approves m1
m1 is delivered
the audit chain is whole
