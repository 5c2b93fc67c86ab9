//! One HTTP/1.1 connection that costs next to nothing, so that a benchmark measures the server and not its client.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// A request that takes longer has hung.
const LIMIT: Duration = Duration::from_mins(1);
/// Bytes asked of the socket at a time.
const CHUNK: usize = 16 * 1024;

/// Keep-alive, one request at a time, only to this machine.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// Host and key, as every request carries them.
    head: String,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// What came back. It borrows the connection's buffer: the next request overwrites it.
#[derive(Debug)]
pub struct Answer<'c> {
    pub status: u16,
    pub body: &'c [u8],
}

impl Connection {
    /// `base_url` as `http://127.0.0.1:PORT`.
    pub fn open(base_url: &str, key: Option<&str>) -> io::Result<Self> {
        let host = base_url.strip_prefix("http://").ok_or_else(|| invalid("only plain http"))?;
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LIMIT))?;
        let key = key.map(|key| format!("authorization: Bearer {key}\r\n")).unwrap_or_default();
        let head = format!("host: {host}\r\n{key}");
        Ok(Self { stream, head, request: Vec::new(), answer: Vec::new() })
    }

    pub fn get(&mut self, path: &str) -> io::Result<Answer<'_>> {
        self.call("GET", path, "", &[])
    }

    /// Posts JSON. `headers` are whole lines, each with its line end.
    pub fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> io::Result<Answer<'_>> {
        self.call("POST", path, headers, body)
    }

    fn call(&mut self, method: &str, path: &str, headers: &str, body: &[u8]) -> io::Result<Answer<'_>> {
        self.request.clear();
        write!(self.request, "{method} {path} HTTP/1.1\r\n{}{headers}", self.head)?;
        if method != "GET" {
            write!(self.request, "content-type: application/json\r\ncontent-length: {}\r\n", body.len())?;
        }
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request)?;
        self.read()
    }

    fn read(&mut self) -> io::Result<Answer<'_>> {
        self.answer.clear();
        let head = loop {
            if let Some(end) = find(&self.answer, b"\r\n\r\n") {
                break end;
            }
            self.more()?;
        };
        let body = head + 4;
        let text = std::str::from_utf8(&self.answer[..head]).map_err(|_| invalid("a head that is not UTF-8"))?;
        let status = text.get(9..12).and_then(|code| code.parse().ok()).ok_or_else(|| invalid("no status line"))?;
        let length = header(text, "content-length").and_then(|length| length.parse::<usize>().ok());
        let chunked = header(text, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
        match length {
            Some(length) => {
                while self.answer.len() < body + length {
                    self.more()?;
                }
            }
            None if chunked => self.join_chunks(body)?,
            None => {}
        }
        Ok(Answer { status, body: &self.answer[body..] })
    }

    /// Reads a chunked body to its end and leaves it in one piece behind the head.
    fn join_chunks(&mut self, body: usize) -> io::Result<()> {
        let mut joined = Vec::new();
        let mut at = body;
        loop {
            let line = loop {
                if let Some(end) = find(&self.answer[at..], b"\r\n") {
                    break end;
                }
                self.more()?;
            };
            let size = std::str::from_utf8(&self.answer[at..at + line]).ok();
            let size = size.and_then(|size| usize::from_str_radix(size.trim(), 16).ok());
            let size = size.ok_or_else(|| invalid("no chunk size"))?;
            let start = at + line + 2;
            while self.answer.len() < start + size + 2 {
                self.more()?;
            }
            joined.extend_from_slice(&self.answer[start..start + size]);
            at = start + size + 2;
            if size == 0 {
                break;
            }
        }
        self.answer.truncate(body);
        self.answer.extend_from_slice(&joined);
        Ok(())
    }

    fn more(&mut self) -> io::Result<()> {
        let before = self.answer.len();
        self.answer.resize(before + CHUNK, 0);
        let read = self.stream.read(&mut self.answer[before..])?;
        self.answer.truncate(before + read);
        if read == 0 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.split("\r\n")
        .filter_map(|line| line.split_once(':'))
        .find_map(|(header, value)| header.eq_ignore_ascii_case(name).then(|| value.trim()))
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::thread;

    /// A server that reads two requests and answers each with one of these texts, in small pieces.
    fn answering(answers: [&'static str; 2]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in answers {
                let mut request = Vec::new();
                while find(&request, b"\r\n\r\n").is_none() {
                    let mut piece = [0; 1024];
                    let read = stream.read(&mut piece).unwrap();
                    request.extend_from_slice(&piece[..read]);
                }
                for piece in answer.as_bytes().chunks(7) {
                    stream.write_all(piece).unwrap();
                    stream.flush().unwrap();
                    thread::yield_now();
                }
            }
        });
        url
    }

    #[test]
    fn a_connection_is_kept_over_answers_of_both_kinds() {
        let url = answering([
            "HTTP/1.1 201 Created\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3\r\n:2}\r\n0\r\n\r\n",
        ]);
        let mut connection = Connection::open(&url, Some("key")).unwrap();
        let answer = connection.post("/", "", b"").unwrap();
        assert_eq!((answer.status, answer.body), (201, br#"{"a":1}"#.as_slice()));
        let answer = connection.get("/").unwrap();
        assert_eq!((answer.status, answer.body), (200, br#"{"a":2}"#.as_slice()));
    }
}
