# A stranger asks, a person approves, the platform has the answer once, and all of it can be explained.
ann says m1: Hi! How do I reset my password?
the queue shows m1: sign-in-trouble/steps matched "reset my password"
the operator approves m1
the platform receives a reply to m1: password
m1 is delivered
the platform has 1 reply
why m1 tells: playbook sign-in-trouble
why m1 tells: 'reset my password' at bytes
why m1 tells: verdict: allow
why m1 tells: decided by: 
why m1 tells: posted: r1
