# Most messages deserve no suggestion: what nothing matches, what bots write, what is not for us.
ann says m1: how do I reset my password? I mean the cafe's wifi password
a bot called hal says m2: how do I reset my password?
the queue is empty
why m1 tells: none: regex
