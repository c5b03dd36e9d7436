"""A finished run made smaller: a student is offered, and later set beside its teacher."""
