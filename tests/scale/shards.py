"""A campaign's shards as tasks of HyperQueue, and a merge that depends on all of them."""

import os
import time

from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig

kneadsim, campaign = os.environ["KNEADSIM"], os.environ["CAMPAIGN"]
work, shards = os.environ["WORK"], int(os.environ["SHARDS"])
common = [campaign, "--samples", "16", "--out", f"{work}/cluster"]

with LocalCluster() as cluster:
    cluster.start_worker(WorkerConfig(cores=os.cpu_count()))
    begun = time.time()
    job = Job()
    parts = [
        job.program(
            [kneadsim, "campaign", "run", *common, "--shard", f"{number}/{shards}", "--jobs", "1"],
            stdout=f"{work}/{number}.out",
            stderr=f"{work}/{number}.err",
        )
        for number in range(1, shards + 1)
    ]
    job.program(
        [kneadsim, "campaign", "merge", *common],
        deps=parts,
        stdout=f"{work}/merge.out",
        stderr=f"{work}/merge.err",
    )
    client = cluster.client()
    client.wait_for_jobs([client.submit(job)])
    print(f"{shards} shards and a merge: {time.time() - begun:.1f} s")
    print(open(f"{work}/merge.out").read())
