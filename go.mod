module pullback

go 1.26
