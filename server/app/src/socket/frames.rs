//! The bytes of a websocket on their way to the library (RFC 6455, section 5.2): a message is held back at its size
//! before any of it is kept. What is beyond the limit is passed over and never held in memory, so that the connection
//! lives on and whoever sent it is answered.
//!
//! - A text that is too large keeps its event's name and number; behind them it is blank up to the limit, and so
//!   larger than any event may be. An attachment is cut.
//! - MessagePack tells only at its end what it is about: it is left out, and the client is told so.
//! - A text or an attachment in several fragments is known to be too large when its beginning has been passed on, which
//!   cannot be taken back: the client is told so, and the connection ends.
//!
//! MessagePack within the limit is held until it is whole, and passed on as one frame, cut where it is nested too deep
//! ([`super::nesting`]).

use super::{
    engine_session::{EngineSession, FREE_BYTES},
    nesting::cut_nesting,
};
use crate::net::Connection;
use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};
use studyrooms_domain::rules::FRAME_BYTES;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// Bytes of one message before someone has joined: an access token has some hundred.
const STRANGER_BYTES: usize = 16 << 10;
/// How long a large message may take to come whole.
const WHOLE_WITHIN: Duration = Duration::from_secs(30);
/// Places for a large message are taken in such pieces.
const PIECE: usize = 64 << 10;
/// When there was no place, it is tried again after so long.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(20);
/// Bytes of a frame's head, at most.
const HEAD: usize = 14;
/// Bytes that are read at once.
const CHUNK: usize = 4096;

const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const FIRST_CONTROL: u8 = 8;

/// What the next bytes from the client are.
enum Next {
    /// Of a frame's head, so far.
    Head,
    /// Payload that is passed on: so many bytes, and then others that are passed over.
    Payload { left: u64, cut: Option<Cut> },
    /// Payload of a packet that is held: so many bytes, and the mask of the next ones.
    Packet { left: u64, mask: [u8; 4], is_last: bool },
    /// Payload that is passed over.
    Over { left: u64 },
}

/// A message that is cut.
struct Cut {
    over: u64,
    mask: [u8; 4],
    /// Where in the payload the next byte is.
    at: u64,
    /// Bytes that are passed on.
    keep: u64,
    /// How far the event's name has come; none of bytes, which have none.
    name: Option<Name>,
}

/// A packet of MessagePack, as far as it has come.
struct Packet {
    is_masked: bool,
    bytes: Vec<u8>,
}

/// Where in the text of an event, `42/rooms,17["name",…]`, one is.
#[derive(Clone, Copy)]
enum Name {
    Before,
    Opening,
    Inside { escaped: bool },
    Over,
}

/// A websocket's stream.
pub(super) struct Frames<S> {
    inner: S,
    session: Arc<EngineSession>,
    connection: Arc<Connection>,
    /// Whether messages are MessagePack.
    packed: bool,
    next: Next,
    head: Vec<u8>,
    /// Bytes that did not fit into what was to be filled.
    spare: VecDeque<u8>,
    /// A packet of MessagePack that is not whole yet.
    packet: Option<Packet>,
    /// Bytes of the message that comes, as far as its heads were read; none when it is passed over.
    message: Option<u64>,
    /// Bytes of the message that are held until it is whole, here or by the library.
    held: usize,
    /// Places taken for them, beyond those that need none.
    taken: usize,
    failure: Option<io::Error>,
    waiting: Option<Pin<Box<Sleep>>>,
    whole_within: Option<Pin<Box<Sleep>>>,
}

impl<S> Frames<S> {
    /// Of `session`, over `connection`. `packed`: messages are MessagePack.
    pub(super) fn new(inner: S, session: Arc<EngineSession>, connection: Arc<Connection>, packed: bool) -> Self {
        Self {
            inner,
            session,
            connection,
            packed,
            next: Next::Head,
            head: Vec::with_capacity(HEAD),
            spare: VecDeque::new(),
            packet: None,
            message: Some(0),
            held: 0,
            taken: 0,
            failure: None,
            waiting: None,
            whole_within: None,
        }
    }

    fn limit(&self) -> u64 {
        let bytes = if self.session.is_joined() { FRAME_BYTES } else { STRANGER_BYTES };
        bytes as u64
    }

    /// Passes on what is to be passed on of `input`.
    fn take(&mut self, mut input: &[u8], out: &mut Out<'_, '_>) -> io::Result<()> {
        while let [first, ..] = input {
            match &mut self.next {
                Next::Head => {
                    self.head.push(*first);
                    input = &input[1..];
                    if let Some(head) = Head::read(&self.head) {
                        let next = self.begin(&head, out)?;
                        self.head.clear();
                        self.next = next;
                        self.step(out);
                    }
                }
                Next::Payload { left, cut } => {
                    let bytes = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                    let (now, later) = input.split_at(bytes);
                    *left -= bytes as u64;
                    self.held += bytes;
                    match cut {
                        None => out.put(now),
                        Some(cut) => cut.pass(now, out),
                    }
                    input = later;
                    self.step(out);
                }
                Next::Packet { left, mask, .. } => {
                    let bytes = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                    let (now, later) = input.split_at(bytes);
                    *left -= bytes as u64;
                    self.held += bytes;
                    if let Some(packet) = &mut self.packet {
                        packet.hold(now, *mask);
                    }
                    mask.rotate_left(bytes % 4);
                    input = later;
                    self.step(out);
                }
                Next::Over { left } => {
                    let bytes = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                    *left -= bytes as u64;
                    input = &input[bytes..];
                    self.step(out);
                }
            }
        }
        Ok(())
    }

    /// Goes on to what follows when nothing is left of what is at hand.
    fn step(&mut self, out: &mut Out<'_, '_>) {
        if let Next::Payload { left: 0, cut } = &self.next {
            self.next = cut.as_ref().map_or(Next::Head, |cut| Next::Over { left: cut.over });
        }
        if let Next::Packet { left: 0, is_last, .. } = self.next {
            self.next = Next::Head;
            if is_last && let Some(packet) = self.packet.take() {
                packet.pass(out);
            }
        }
        if matches!(self.next, Next::Over { left: 0 }) {
            self.next = Next::Head;
        }
        if matches!(self.next, Next::Head) && self.message == Some(0) {
            self.release();
        }
    }

    /// A frame begins: what becomes of its payload.
    fn begin(&mut self, head: &Head, out: &mut Out<'_, '_>) -> io::Result<Next> {
        if head.opcode >= FIRST_CONTROL {
            out.put(&self.head);
            return Ok(Next::Payload { left: head.payload, cut: None });
        }
        if head.opcode != CONTINUATION {
            if self.packet.is_some() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a message began inside another"));
            }
            self.message = Some(0);
        }
        let Some(before) = self.message else {
            // The rest of a message that is passed over.
            if head.is_last {
                self.message = Some(0);
            }
            return Ok(Next::Over { left: head.payload });
        };
        let limit = self.limit();
        if before.saturating_add(head.payload) <= limit {
            self.message = Some(if head.is_last { 0 } else { before + head.payload });
            // With reserved bits set the library refuses it.
            if self.packed && self.head.first().is_some_and(|first| first & !FIN == BINARY) {
                self.packet = Some(Packet { is_masked: head.mask.is_some(), bytes: vec![] });
            }
            if self.packet.is_some() {
                let mask = head.mask.unwrap_or_default();
                return Ok(Next::Packet { left: head.payload, mask, is_last: head.is_last });
            }
            out.put(&self.head);
            return Ok(Next::Payload { left: head.payload, cut: None });
        }
        self.message = head.is_last.then_some(0);
        if !self.packed && before == 0 {
            out.put(&Head::of_whole(head.opcode, limit, head.mask));
            let (over, mask) = (head.payload - limit, head.mask.unwrap_or_default());
            let name = (head.opcode == TEXT).then_some(Name::Before);
            let cut = Cut { over, mask, at: 0, keep: limit, name };
            return Ok(Next::Payload { left: limit, cut: Some(cut) });
        }
        self.session.left_out();
        let was_held = self.packet.take().is_some();
        if before > 0 && !was_held {
            // Its beginning was passed on already.
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a message in parts is too large"));
        }
        self.release();
        Ok(Next::Over { left: head.payload })
    }

    /// Nothing of a message is held any more.
    fn release(&mut self) {
        self.held = 0;
        self.session.give_partial(std::mem::take(&mut self.taken));
        self.whole_within = None;
    }

    /// How many bytes may be read now; none while there is no place for more of the message.
    fn allowance(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if let Some(whole_within) = &mut self.whole_within
            && whole_within.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "a message did not come whole")));
        }
        loop {
            let free = (FREE_BYTES + self.taken).saturating_sub(self.held);
            if free > 0 {
                return Poll::Ready(Ok(free));
            }
            if let Some(waiting) = &mut self.waiting {
                ready!(waiting.as_mut().poll(cx));
                self.waiting = None;
            }
            if self.session.take_partial(PIECE) {
                self.taken += PIECE;
                if self.whole_within.is_none() {
                    let mut sleep = Box::pin(sleep(WHOLE_WITHIN));
                    // Woken by it too.
                    if sleep.as_mut().poll(cx).is_ready() {
                        continue;
                    }
                    self.whole_within = Some(sleep);
                }
            } else {
                self.waiting = Some(Box::pin(sleep(TRY_AGAIN_AFTER)));
            }
        }
    }
}

impl<S> Drop for Frames<S> {
    fn drop(&mut self) {
        self.session.give_partial(self.taken);
        self.session.lost(&self.connection);
    }
}

/// A frame's head.
struct Head {
    is_last: bool,
    opcode: u8,
    payload: u64,
    mask: Option<[u8; 4]>,
}

impl Head {
    /// None while bytes are missing.
    fn read(bytes: &[u8]) -> Option<Self> {
        let (&[first, second], rest) = bytes.split_first_chunk()?;
        let (payload, rest) = match second & !MASKED {
            126 => rest.split_first_chunk().map(|(bytes, rest)| (u64::from(u16::from_be_bytes(*bytes)), rest))?,
            127 => rest.split_first_chunk().map(|(bytes, rest)| (u64::from_be_bytes(*bytes), rest))?,
            short => (u64::from(short), rest),
        };
        let mask = if second & MASKED == 0 { None } else { Some(*rest.first_chunk()?) };
        Some(Self { is_last: first & FIN != 0, opcode: first & 0x0f, payload, mask })
    }

    /// The bytes of the head of a message that is one frame.
    fn of_whole(opcode: u8, payload: u64, mask: Option<[u8; 4]>) -> Vec<u8> {
        let masked = if mask.is_some() { MASKED } else { 0 };
        let mut bytes = vec![FIN | opcode];
        match (u8::try_from(payload), u16::try_from(payload)) {
            (Ok(short @ ..126), _) => bytes.push(masked | short),
            (_, Ok(long)) => {
                bytes.push(masked | 126);
                bytes.extend_from_slice(&long.to_be_bytes());
            }
            _ => {
                bytes.push(masked | 127);
                bytes.extend_from_slice(&payload.to_be_bytes());
            }
        }
        bytes.extend(mask.iter().flatten());
        bytes
    }
}

impl Packet {
    /// Holds the next bytes, of which `mask` is taken off.
    fn hold(&mut self, bytes: &[u8], mask: [u8; 4]) {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        for (byte, mask) in self.bytes[before..].iter_mut().zip(mask.iter().cycle()) {
            *byte ^= mask;
        }
    }

    /// Passes it on, whole.
    fn pass(self, out: &mut Out<'_, '_>) {
        let bytes = cut_nesting(&self.bytes).unwrap_or(self.bytes);
        // A mask of zeros masks nothing.
        let mask = self.is_masked.then_some([0; 4]);
        out.put(&Head::of_whole(BINARY, bytes.len() as u64, mask));
        out.put(&bytes);
    }
}

impl Cut {
    /// Passes on `bytes`. Behind the name of a text's event all is blank, and the text ends as it should.
    fn pass(&mut self, bytes: &[u8], out: &mut Out<'_, '_>) {
        let passed: Vec<u8> = bytes.iter().map(|byte| self.next(*byte)).collect();
        out.put(&passed);
    }

    fn next(&mut self, byte: u8) -> u8 {
        let mask = self.mask[usize::try_from(self.at % 4).unwrap_or_default()];
        self.at += 1;
        let Some(name) = self.name else { return byte };
        let plain = byte ^ mask;
        let blank = if self.at == self.keep { b']' } else { b' ' };
        let (plain, next) = match name {
            Name::Before if plain == b'[' => (plain, Name::Opening),
            Name::Before => (plain, Name::Before),
            Name::Opening if plain == b'"' => (plain, Name::Inside { escaped: false }),
            Name::Inside { escaped: true } => (plain, Name::Inside { escaped: false }),
            Name::Inside { .. } if plain == b'"' => (plain, Name::Over),
            Name::Inside { .. } => (plain, Name::Inside { escaped: plain == b'\\' }),
            Name::Opening | Name::Over => (blank, Name::Over),
        };
        self.name = Some(next);
        plain ^ mask
    }
}

/// Where bytes go: into what is to be filled, and what does not fit is spared.
struct Out<'a, 'b> {
    buf: &'a mut ReadBuf<'b>,
    spare: &'a mut VecDeque<u8>,
}

impl Out<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        let fitting = if self.spare.is_empty() { self.buf.remaining().min(bytes.len()) } else { 0 };
        let (now, later) = bytes.split_at(fitting);
        self.buf.put_slice(now);
        self.spare.extend(later);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Frames<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.spare.is_empty() {
            let (front, _) = this.spare.as_slices();
            let fitting = buf.remaining().min(front.len());
            buf.put_slice(&front[..fitting]);
            this.spare.drain(..fitting);
            if this.spare.is_empty() {
                this.spare.shrink_to(CHUNK);
            }
            return Poll::Ready(Ok(()));
        }
        if let Some(failure) = this.failure.take() {
            return Poll::Ready(Err(failure));
        }
        // What was passed over fills nothing, and filling nothing would be the end.
        loop {
            let allowed = ready!(this.allowance(cx))?;
            let mut chunk = [std::mem::MaybeUninit::uninit(); CHUNK];
            let bytes = allowed.min(buf.remaining()).min(CHUNK);
            let mut chunk = ReadBuf::uninit(&mut chunk[..bytes]);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            let mut spare = std::mem::take(&mut this.spare);
            let before = buf.filled().len();
            let taken = this.take(chunk.filled(), &mut Out { buf, spare: &mut spare });
            this.spare = spare;
            // What came before it is passed on first.
            this.failure = taken.err();
            if buf.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
            if let Some(failure) = this.failure.take() {
                return Poll::Ready(Err(failure));
            }
        }
    }
}

impl<S> Frames<S> {
    fn wrote(&self, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = &outcome {
            self.session.sent(*bytes);
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Frames<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.wrote(outcome)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        net::{Capacity, Connections},
        socket::{
            engine::{Engine, NoOther},
            engine_session::EngineSessions,
        },
    };
    use socketioxide::SocketIo;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const MASK: [u8; 4] = [7, 1, 9, 200];

    fn masked(payload: &[u8]) -> Vec<u8> {
        payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect()
    }

    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = vec![first];
        match u16::try_from(payload.len()) {
            Ok(short @ ..=125) => bytes.push(MASKED | u8::try_from(short).unwrap()),
            Ok(long) => {
                bytes.push(MASKED | 126);
                bytes.extend(long.to_be_bytes());
            }
            Err(_) => {
                bytes.push(MASKED | 127);
                bytes.extend((payload.len() as u64).to_be_bytes());
            }
        }
        bytes.extend(MASK);
        bytes.extend(masked(payload));
        bytes
    }

    /// What the library reads, as messages: opcode, whether it is the last part, and the payload.
    fn read_back(mut bytes: &[u8]) -> Vec<(u8, bool, Vec<u8>)> {
        let mut frames = vec![];
        while !bytes.is_empty() {
            let (end, head) = (2..=bytes.len()).find_map(|end| Some((end, Head::read(&bytes[..end])?))).unwrap();
            let payload = usize::try_from(head.payload).unwrap();
            let mask = head.mask.unwrap_or_default();
            let unmasked = bytes[end..end + payload].iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask);
            frames.push((head.opcode, head.is_last, unmasked.collect()));
            bytes = &bytes[end + payload..];
        }
        frames
    }

    struct Way {
        client: DuplexStream,
        frames: Frames<DuplexStream>,
        /// Kept: it has the connection's place.
        _place: Box<dyn std::any::Any + Send>,
    }

    fn way(packed: bool) -> Way {
        let (service, _) = SocketIo::builder().build_with_inner_svc(NoOther);
        let engine = Arc::new(Engine::new("/socket.io", service));
        let session = EngineSessions::default().open([127, 0, 0, 1].into(), engine);
        let connections = Connections::new(Capacity { in_all: 1, of_address: 1 });
        let place = connections.admit(([127, 0, 0, 1], 1).into(), false).unwrap();
        let (client, inner) = duplex(1 << 16);
        let frames = Frames::new(inner, session, place.connection().clone(), packed);
        Way { client, frames, _place: Box::new(place) }
    }

    async fn passed(sent: Vec<u8>, packed: bool) -> std::io::Result<Vec<(u8, bool, Vec<u8>)>> {
        let Way { mut client, mut frames, _place } = way(packed);
        let sending = tokio::spawn(async move {
            // In pieces that meet heads and tails anywhere.
            for piece in sent.chunks(997) {
                client.write_all(piece).await.unwrap();
            }
        });
        let mut bytes = vec![];
        let read = frames.read_to_end(&mut bytes).await;
        sending.abort();
        read.map(|_| read_back(&bytes))
    }

    #[tokio::test]
    async fn what_is_within_the_limit_passes_as_it_is() {
        let parts = [frame(TEXT, b"in "), frame(FIN | 9, b"ping"), frame(FIN, b"parts")];
        let sent =
            [frame(FIN | TEXT, b""), frame(FIN | 2, &[1; 300]), parts.concat(), frame(FIN | TEXT, &[b'x'; 16 << 10])];
        let passed = passed(sent.concat(), false).await.unwrap();
        let lengths: Vec<_> = passed.iter().map(|(opcode, last, payload)| (*opcode, *last, payload.len())).collect();
        assert_eq!(
            lengths,
            [(1, true, 0), (2, true, 300), (1, false, 3), (9, true, 4), (0, true, 5), (1, true, STRANGER_BYTES)]
        );
        assert_eq!(passed[4].2, b"parts");
    }

    #[tokio::test]
    async fn a_text_too_large_keeps_its_name_and_what_follows_passes() {
        for (text, kept) in [
            (
                format!(r#"42/rooms,17["chat:message",{{"text":"{}"}}]"#, "é€😀".repeat(40_000)),
                r#"42/rooms,17["chat:message""#,
            ),
            (format!(r#"42["a\"b",{}]"#, "1".repeat(40_000)), r#"42["a\"b""#),
            (format!(r#"42[{}]"#, "1".repeat(40_000)), "42["),
        ] {
            let sent = [frame(FIN | TEXT, text.as_bytes()), frame(FIN | TEXT, b"next")].concat();
            let passed = passed(sent, false).await.unwrap();
            let blank = format!("{kept}{}]", " ".repeat(STRANGER_BYTES - kept.len() - 1));
            assert_eq!(passed, [(1, true, blank.into_bytes()), (1, true, b"next".to_vec())]);
        }
    }

    #[tokio::test]
    async fn an_attachment_too_large_is_cut() {
        let bytes: Vec<u8> = (0..40_000u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
        let passed = passed(frame(FIN | 2, &bytes), false).await.unwrap();
        assert_eq!(passed, [(2, true, bytes[..STRANGER_BYTES].to_vec())]);
    }

    #[tokio::test]
    async fn a_message_too_large_in_fragments_is_the_end() {
        let part = [b'x'; 10 << 10];
        let first = [frame(TEXT, &[b'x'; 20 << 10]), frame(0, &part), frame(FIN, &part), frame(FIN | TEXT, b"next")];
        let passed_on = passed(first.concat(), false).await.unwrap();
        assert_eq!(passed_on.len(), 2, "known from the first one on");
        for packed in [false, true] {
            let later = [frame(TEXT, &part), frame(0, &part), frame(FIN, &part)];
            assert!(passed(later.concat(), packed).await.is_err());
        }
        assert!(passed([frame(2, &part), frame(FIN, &part)].concat(), false).await.is_err(), "an attachment");
    }

    #[tokio::test]
    async fn messagepack_too_large_in_fragments_is_left_out_and_what_follows_passes() {
        let part = [1; 10 << 10];
        let ping = frame(FIN | 9, b"ping");
        let rest = [frame(0, &part), ping, frame(0, &part), frame(FIN, &part), frame(FIN | 2, b"next")];
        for begin in [frame(2, &part), [frame(2, b""), frame(0, &part)].concat(), frame(2, &[1; 20 << 10])] {
            let sent = [begin, rest.concat()].concat();
            assert_eq!(passed(sent, true).await.unwrap(), [(9, true, b"ping".to_vec()), (2, true, b"next".to_vec())]);
        }
    }

    #[tokio::test]
    async fn messagepack_too_large_is_left_out() {
        let sent = [frame(FIN | 2, &[1; 20 << 10]), frame(FIN | 2, b"next")].concat();
        assert_eq!(passed(sent, true).await.unwrap(), [(2, true, b"next".to_vec())]);
    }

    /// `["e", …]`, with arrays in it.
    fn nested(levels: usize, value: u8) -> Vec<u8> {
        [&[0x92, 0xa1, b'e'], &vec![0x91; levels - 1][..], &[value]].concat()
    }

    #[tokio::test]
    async fn messagepack_passes_as_one_frame_cut_where_it_is_nested_too_deep() {
        let shallow = [&[0xc5, 0x3a, 0x98][..], &[0x91; 15_000]].concat();
        let (deep, cut) = (nested(9_000, 1), nested(100, 0xc0));
        for (message, expected) in [(&shallow, &shallow), (&deep, &cut), (&vec![0xc0], &vec![0xc0])] {
            let sent = [frame(FIN | 2, message), frame(FIN | TEXT, b"2"), frame(FIN | 2, &[1])];
            let expected = [(2, true, expected.clone()), (1, true, b"2".to_vec()), (2, true, vec![1])];
            assert_eq!(passed(sent.concat(), true).await.unwrap(), expected);
        }
        // An attachment in JSON is what it is.
        assert_eq!(passed(frame(FIN | 2, &deep), false).await.unwrap(), [(2, true, deep)]);
    }

    #[tokio::test]
    async fn messagepack_in_fragments_passes_when_it_is_whole_and_a_ping_between_them_at_once() {
        let deep = nested(9_000, 1);
        let parts = [frame(2, &deep[..7]), frame(0, b""), frame(FIN | 9, b"ping"), frame(0, &deep[7..8_000])].concat();
        let ping = (9, true, b"ping".to_vec());
        assert_eq!(passed(parts.clone(), true).await.unwrap(), std::slice::from_ref(&ping));
        for last in [&deep[8_000..], &[&deep[8_000..], &[1][..]].concat()] {
            let rest = [frame(0, last), frame(FIN, b""), frame(FIN | 2, b"next")].concat();
            let trailing = &last[deep.len() - 8_000..];
            let cut = [&nested(100, 0xc0), trailing].concat();
            let expected = [ping.clone(), (2, true, cut), (2, true, b"next".to_vec())];
            assert_eq!(passed([parts.clone(), rest].concat(), true).await.unwrap(), expected);
        }
    }

    #[tokio::test]
    async fn what_the_library_refuses_in_frames_is_refused() {
        assert!(passed([frame(2, b"in "), frame(FIN | 2, b"other")].concat(), true).await.is_err());
        // A part of nothing, and bits that nobody agreed upon.
        let sent = [frame(FIN, b"part"), frame(FIN | 0x40 | 2, b"bits")].concat();
        let Way { mut client, mut frames, _place } = way(true);
        client.write_all(&sent).await.unwrap();
        client.write_all(&[FIN | 2, 1, 7]).await.unwrap();
        drop(client);
        let mut bytes = vec![];
        frames.read_to_end(&mut bytes).await.unwrap();
        assert_eq!(bytes, [&sent[..], &[FIN | 2, 1, 7]].concat(), "not masked either");
    }

    #[tokio::test]
    async fn a_length_that_is_a_lie_holds_nothing() {
        let mut sent = frame(FIN | TEXT, b"");
        sent.extend([FIN | TEXT, MASKED | 127]);
        sent.extend(u64::MAX.to_be_bytes());
        sent.extend(MASK);
        sent.extend([0; 100_000]);
        let Way { mut client, mut frames, _place } = way(false);
        let sending = tokio::spawn(async move { client.write_all(&sent).await });
        let mut bytes = vec![];
        frames.read_to_end(&mut bytes).await.unwrap();
        sending.await.unwrap().unwrap();
        assert!(bytes.len() < STRANGER_BYTES + 100, "{}", bytes.len());
    }
}
