"""Processes that end with the one that started them."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1  # prctl(2)


def stop_with_parent(signal_number: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send `signal_number` to this process when its parent ends, however it ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:  # it ended before the call above
        os.kill(os.getpid(), signal_number)
