# An image with Rust, as rustup installs it, of each platform that it is built for; stands for rust.
FROM debian-$TARGETARCH AS debian
FROM rust-$TARGETARCH AS rust

FROM debian
# Where packages were unpacked without their scripts, nothing has made cc.
RUN [ -e /usr/bin/cc ] || ln -s gcc /usr/bin/cc
COPY --from=certificates / /etc/ssl/certs/
COPY --from=rust / /usr/local/
ENV PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo
