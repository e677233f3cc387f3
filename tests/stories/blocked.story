# Stop means stop: nothing more goes to somebody who blocked us, whatever was waiting.
ann says m1: how do I reset my password?
ann says m2: I was charged twice
the queue shows m1: sign-in-trouble/steps
the queue shows m2: billing-question/where-to-look
ann blocks us
m1 is withdrawn
m2 is withdrawn
the operator cannot approve m1: blocked
the platform has 0 replies
