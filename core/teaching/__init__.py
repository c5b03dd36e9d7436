"""What a teacher sees and does of a whole class; pages and routes ask whether it is the teacher."""
