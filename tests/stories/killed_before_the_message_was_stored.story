# The platform told us, and we died: it is told again, since the cursor had not moved.
kithd starts to be killed at ingest.before_store
ann says m1: how do I reset my password?
kithd is killed at ingest.before_store
kithd starts
the queue shows m1: sign-in-trouble/steps
