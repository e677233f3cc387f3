# A contact who asks to be left alone: nothing that waits is sent, and nothing is suggested until they ask otherwise.
ann says m1: how do I reset my password?
ann says m2: I was charged twice
bob says m3: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the queue shows m2: billing-question/where-to-look
the queue shows m3: sign-in-trouble/steps
ann says m4: Stop, please!
m1 is withdrawn
m2 is withdrawn
the operator cannot approve m1: asked us to stop
why m4 tells: left out: the contact asked us to stop: 'Stop'
ann says m5: I forgot my password
nothing is suggested for m5
the operator approves m3
m3 is delivered
ann says m6: OK, you may write to me again
ann says m7: how do I reset my password?
the queue shows m7: sign-in-trouble/steps
the operator approves m7
m7 is delivered
the platform has 2 replies
