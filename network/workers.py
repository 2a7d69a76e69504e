"""The threads that deliver: one a lane, one for the schedule."""

import threading

from network.events import LANES, run_lane, wake
from network.schedule import run_schedule
from network.waking import hear_others


def start_workers(stop: threading.Event) -> list[threading.Thread]:
    """Start all lanes and the schedule; they end soon after `stop` is set."""
    threads = [
        threading.Thread(target=run_lane, args=(lane, stop), name=f"lane-{lane}")
        for lane in LANES
    ]
    threads.append(threading.Thread(target=run_schedule, args=(stop,), name="schedule"))
    threads.append(threading.Thread(target=hear_others, args=(wake, stop), name="wake"))
    for thread in threads:
        thread.start()
    return threads


def stop_workers(stop: threading.Event, threads: list[threading.Thread]) -> None:
    stop.set()
    wake()
    for thread in threads:
        thread.join(timeout=10)
