# The platform does not tell of the edit: the look right before the send finds it.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
ann edits m1 unnoticed: how do I reset my password on the old app?
the operator approves m1
the queue shows m1 again because "target message's revision changed from '1' to '2'"
the platform has 0 replies
