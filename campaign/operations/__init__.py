"""What an operator does to a running installation: pause, resume, retry, work in the foreground, warm, erase, examine.

Each verb is a file and changes rows or runs a worker; nothing here makes text. Imports report and what stands below
it; workers as a process.
"""
