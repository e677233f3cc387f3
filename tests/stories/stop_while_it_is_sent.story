# A reply whose fate is unknown when the contact asks to stop is looked for, and not sent a second time.
idempotency: native
the platform fails
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
m1 is sending
ann says m2: leave me alone
m1 is withdrawn
the platform works again
the platform has 0 replies
