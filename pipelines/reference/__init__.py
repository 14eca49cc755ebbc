"""Reference pages, made from the code they are about: what there is, and how it is written."""
