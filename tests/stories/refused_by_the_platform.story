# A final no is shown with its reason and not tried again.
ann says m1: how do I reset my password?
the platform refuses replies
the queue shows m1: sign-in-trouble/steps
the operator approves m1
m1 is refused
the platform works again
the platform has 0 replies
why m1 tells: not wanted here
