# A person's own words are sent, exactly, and the old approval does not count for them.
ann says m1: how do I reset my password?
the queue shows m1: sign-in-trouble/steps
the operator edits m1: Hello Ann, please write to us, we look into it.
the operator approves m1
the platform receives a reply to m1: Hello Ann, please write to us, we look into it.
the platform has 1 reply
