"""Models of other libraries behind the contract of tailrec; importing it imports none of them."""
