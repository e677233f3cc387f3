# What was heard of a contact is looked at again, and counted once.
kithd starts to be killed at relations.before_store
ann says m1: how do I reset my password?
kithd is killed at relations.before_store
kithd starts
ann stands at attraction by spoke_to_us
the operator approves m1
m1 is delivered
ann likes the reply to m1
ann stands at affinity by reacted_well
kithd is killed
kithd starts
ann follows us
ann stands at audience by followed
kithd stops
