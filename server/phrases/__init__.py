"""常用语: what a department's officers write again and again, kept by its office."""
