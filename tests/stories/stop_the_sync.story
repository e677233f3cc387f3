# A question with the word in it is a question.
ann says m1: how do I reset my password?
ann says m2: how do I stop the sync?
the queue shows m1: sign-in-trouble/steps
the operator approves m1
m1 is delivered
the platform has 1 reply
