# Debian's Node.js with npm and make, for this machine alone; stands for node.
FROM debian
RUN apt-get update && apt-get install -y --no-install-recommends make nodejs npm && rm -rf /var/lib/apt/lists/*
