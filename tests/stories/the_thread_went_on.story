# Another message in the thread: the approval was for the thread as it was.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
ann says m2 in m1: oh, wait a second
the queue shows m1 again because "thread went on"
the operator approves m1
m1 is delivered
the platform has 1 reply
