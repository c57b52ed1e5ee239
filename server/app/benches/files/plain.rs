//! The floor: axum, a file, and nothing between.

use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    routing::put,
};
use futures_util::TryStreamExt;
use std::{io, path::PathBuf, sync::Arc};
use tokio::fs::File;
use tokio_util::io::{ReaderStream, StreamReader};

/// Read and written at a time, as the object store does.
const READ: usize = 256 << 10;
const WRITE: usize = 1 << 20;

pub fn router(directory: PathBuf) -> Router {
    Router::new().route("/{key}", put(write).get(read)).with_state(Arc::new(directory))
}

/// Answers when the bytes are on the disk: what is slower is so for another reason.
async fn write(State(directory): State<Arc<PathBuf>>, Path(key): Path<String>, body: Body) -> StatusCode {
    let body = body.into_data_stream().map_err(io::Error::other);
    let mut reader = StreamReader::new(Box::pin(body));
    let mut file = File::create_new(directory.join(key)).await.unwrap();
    file.set_max_buf_size(WRITE);
    tokio::io::copy_buf(&mut reader, &mut file).await.unwrap();
    file.sync_all().await.unwrap();
    StatusCode::OK
}

async fn read(State(directory): State<Arc<PathBuf>>, Path(key): Path<String>) -> Body {
    let file = File::open(directory.join(key)).await.unwrap();
    Body::from_stream(ReaderStream::with_capacity(file, READ))
}
