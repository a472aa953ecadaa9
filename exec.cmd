@rem npm runs a script of package.json in a shell; "exec" lets its signals reach the program instead. On Windows this stands for it.
@%*
