# The author changes the question; what was approved for the old one is not sent.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
ann edits m1: never mind, found it
m1 is withdrawn
the operator cannot approve m1: withdrawn
the queue is empty
the platform has 0 replies
