# The policies judge a person's text as they judge ours.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator edits m1 to 501 characters
the operator cannot approve m1: denied by the policies
the platform has 0 replies
the operator edits m1 to 500 characters
the operator approves m1
m1 is delivered
