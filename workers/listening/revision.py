"""The judgement's revision: raised by hand when the same sound and words may be judged otherwise."""

LISTENING_REVISION = 3
