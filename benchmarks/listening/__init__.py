"""Faults planted on purpose, and whether who listens finds them; beside the one ratio that peers check by.

    python -m benchmarks.listening [--quick] [--languages en,es,fr,it,pt] [--faults 500]

Rows of clinics, utilities, banks, schools and couriers are spoken by Kokoro, finished as MP3 and listened to: clean
files that are not heard are false alarms. Then each file gets one fault: a word left out, a digit exchanged for
another, a part said twice, the end cut off, the neighbour's file in its place, the file of another language. Both
decide about the very same files: the listener by its own judgement, the other by one ratio, wrong words over words
said, at the bound that is best for it on these files. CPU seconds are those of the recogniser's process and this one.
The last line is JSON.
"""
