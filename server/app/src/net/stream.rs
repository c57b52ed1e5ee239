//! The bytes of one connection: whether they still move, and its end whenever that is asked for. Closing needs no
//! place in any queue of what is sent.

use super::connections::{Connection, ConnectionSlot};
use socket2::SockRef;
use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// Bytes that the system may hold for a socket that does not read: what is beyond is seen to stand still.
const UNSENT_BYTES: usize = 64 << 10;

type Ended = Pin<Box<WaitForCancellationFutureOwned>>;

/// A connection's stream. Dropped, it gives its slot back.
pub(super) struct Stream {
    tcp: TcpStream,
    slot: ConnectionSlot,
    /// One for each direction: they may be waited for by different tasks.
    ended: [Ended; 2],
    still: Option<Pin<Box<Sleep>>>,
    is_tuned: bool,
}

const READING: usize = 0;
const WRITING: usize = 1;

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "ended by the server")
}

impl Stream {
    pub(super) fn new(tcp: TcpStream, slot: ConnectionSlot) -> Self {
        let token = slot.connection().ended();
        let ended = [(); 2].map(|()| Box::pin(token.clone().cancelled_owned()));
        Self { tcp, slot, ended, still: None, is_tuned: false }
    }

    pub(super) fn connection(&self) -> &Arc<Connection> {
        self.slot.connection()
    }

    /// An error once the connection is to end; else the task is woken when it is.
    fn check(&mut self, direction: usize, cx: &mut Context<'_>) -> io::Result<()> {
        match self.ended[direction].as_mut().poll(cx) {
            Poll::Ready(()) => Err(ended()),
            Poll::Pending => Ok(()),
        }
    }

    /// What a try to write came to.
    fn wrote(&mut self, outcome: Poll<io::Result<usize>>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(bytes)) => {
                self.still = None;
                self.connection().touch();
                Poll::Ready(Ok(bytes))
            }
            Poll::Ready(Err(error)) => {
                self.broke_off();
                Poll::Ready(Err(error))
            }
            Poll::Pending => {
                let may = self.connection().may_stand_still_for();
                ready!(self.still.get_or_insert_with(|| Box::pin(sleep(may))).as_mut().poll(cx));
                self.connection().stood_still();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    /// The system gives up a peer by itself that leaves it no room to send (`TCP_USER_TIMEOUT`).
    fn broke_off(&self) {
        if self.still.is_some() {
            self.connection().stood_still();
        }
    }

    /// A socket that does not read is to be seen soon, not when megabytes lie in the system's buffers.
    fn tune(&mut self) {
        if !self.is_tuned && self.connection().is_socket() {
            self.is_tuned = true;
            if let Err(error) = SockRef::from(&self.tcp).set_send_buffer_size(UNSENT_BYTES) {
                tracing::debug!(%error, "the size of a send buffer stays as it is");
            }
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check(READING, cx)?;
        let before = buf.filled().len();
        if let Err(error) = ready!(Pin::new(&mut self.tcp).poll_read(cx, buf)) {
            self.broke_off();
            return Poll::Ready(Err(error));
        }
        if buf.filled().len() > before {
            self.connection().touch();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check(WRITING, cx)?;
        self.tune();
        let outcome = Pin::new(&mut self.tcp).poll_write(cx, buf);
        self.wrote(outcome, cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check(WRITING, cx)?;
        self.tune();
        let outcome = Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs);
        self.wrote(outcome, cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Capacity, Connections};
    use std::time::{Duration, Instant};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
        time::timeout,
    };

    async fn pair() -> (Stream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (server, peer) = listener.accept().await.unwrap();
        let connections = Connections::new(Capacity { in_all: 1, of_address: 1 });
        (Stream::new(server, connections.admit(peer, false).unwrap()), client)
    }

    // SPEC 2.4
    #[tokio::test]
    async fn a_socket_that_stands_still_ends_within_ten_seconds_and_one_that_crawls_does_not() {
        let (mut still, _silent) = pair().await;
        let (mut crawling, mut reader) = pair().await;
        still.connection().carries_socket();
        crawling.connection().carries_socket();
        let begun = Instant::now();
        let crawl = tokio::spawn(async move {
            let mut bytes = vec![0; 256 << 10];
            loop {
                tokio::time::sleep(Duration::from_millis(500)).await;
                if reader.read(&mut bytes).await.unwrap_or(0) == 0 {
                    break;
                }
            }
        });
        let crawler = tokio::spawn(async move {
            let outcome = timeout(Duration::from_secs(12), crawling.write_all(&vec![0; 64 << 20])).await;
            outcome.is_err()
        });
        let error = timeout(Duration::from_secs(10), still.write_all(&vec![0; 64 << 20])).await.unwrap().unwrap_err();
        assert!(matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::ConnectionAborted), "{error}");
        assert!(begun.elapsed() >= Duration::from_secs(4), "{:?}", begun.elapsed());
        assert!(crawler.await.unwrap(), "whoever reads, however slowly, is not closed");
        crawl.abort();
    }

    #[tokio::test]
    async fn ending_wakes_who_reads_and_who_writes() {
        let (stream, _client) = pair().await;
        let connection = stream.connection().clone();
        let (mut reading, mut writing) = tokio::io::split(stream);
        let reader = tokio::spawn(async move { reading.read_u8().await });
        let writer = tokio::spawn(async move { writing.write_all(&vec![0; 64 << 20]).await });
        tokio::task::yield_now().await;
        connection.end();
        for ended in [
            timeout(Duration::from_secs(1), reader).await.unwrap().unwrap().map(|_| ()),
            timeout(Duration::from_secs(1), writer).await.unwrap().unwrap(),
        ] {
            assert_eq!(ended.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
        }
    }
}
