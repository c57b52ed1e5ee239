//! What is understood of S3: no more than the way of a file needs.

use super::disk::{About, Disk, blocking, failed};
use base64::{Engine, prelude::BASE64_STANDARD};
use s3s::{
    S3, S3Request, S3Response, S3Result,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteObjectInput,
        DeleteObjectOutput, ETag, GetObjectInput, GetObjectOutput, HeadBucketInput, HeadBucketOutput, HeadObjectInput,
        HeadObjectOutput, ListPartsInput, ListPartsOutput, Part, PutObjectInput, PutObjectOutput, StreamingBlob,
        UploadPartInput, UploadPartOutput,
    },
    s3_error,
};
use std::{fs, io::SeekFrom};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// Read at a time.
const CHUNK: usize = 256 << 10;
/// Parts in a list.
const PARTS: i32 = 1000;

fn length(given: Option<i64>) -> S3Result<u64> {
    given.and_then(|length| u64::try_from(length).ok()).ok_or_else(|| s3_error!(MissingContentLength))
}

/// What was sent is what its sender says it is.
fn sums_up(sum: &[u8; 32], wanted: Option<&String>) -> S3Result<()> {
    match wanted {
        Some(wanted) if BASE64_STANDARD.encode(sum) != *wanted => Err(s3_error!(BadDigest)),
        _ => Ok(()),
    }
}

/// What the slots of an upload in parts begin with.
fn slot_of_parts(upload_id: &str) -> String {
    format!("{upload_id}/")
}

fn slot_of_part(upload_id: &str, number: i32) -> String {
    format!("{}{number}", slot_of_parts(upload_id))
}

fn signed(size: u64) -> Option<i64> {
    i64::try_from(size).ok()
}

#[async_trait::async_trait]
impl S3 for Disk {
    async fn head_bucket(&self, request: S3Request<HeadBucketInput>) -> S3Result<S3Response<HeadBucketOutput>> {
        if request.input.bucket == super::BUCKET {
            return Ok(S3Response::new(HeadBucketOutput::default()));
        }
        Err(s3_error!(NoSuchBucket))
    }

    async fn put_object(&self, request: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        let input = request.input;
        let to = self.object(&input.bucket, &input.key)?;
        let size = length(input.content_length)?;
        if to.exists() {
            return Err(s3_error!(PreconditionFailed, "objects do not change"));
        }
        let person = self.sender(&input.key).await?;
        // Before what is written: it ends when nothing of that is left.
        let admitted = self.incoming.admit(&input.key, &person, size).await?;
        let new = self.fresh();
        let directory = new.0.clone();
        blocking(move || fs::create_dir(directory)).await?;
        let body = input.body.ok_or_else(|| s3_error!(IncompleteBody))?;
        let written = self.write(&new.0.join("data"), body, size, &admitted).await?;
        sums_up(&written.sum, input.checksum_sha256.as_ref())?;
        let tag = written.tag();
        // It may have been given up meanwhile.
        self.sender(&input.key).await?;
        self.publish(new, to, About { content_type: input.content_type, tag: tag.clone(), key: None }).await?;
        Ok(S3Response::new(PutObjectOutput { e_tag: Some(ETag::Strong(tag)), ..Default::default() }))
    }

    async fn head_object(&self, request: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        let (_, metadata, about) = self.open_object(&request.input.bucket, &request.input.key).await?;
        Ok(S3Response::new(HeadObjectOutput {
            content_length: signed(metadata.len()),
            content_type: about.content_type,
            e_tag: Some(ETag::Strong(about.tag)),
            last_modified: Some(metadata.modified().map_err(failed)?.into()),
            ..Default::default()
        }))
    }

    async fn get_object(&self, request: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        let input = request.input;
        let (file, metadata, about) = self.open_object(&input.bucket, &input.key).await?;
        let tag = ETag::Strong(about.tag);
        let known = input.if_none_match.as_ref();
        if known.is_some_and(|known| known.is_any() || known.as_etag().is_some_and(|known| known.weak_cmp(&tag))) {
            return Err(s3_error!(NotModified));
        }
        let size = metadata.len();
        let (range, content_range) = match input.range {
            None => (0..size, None),
            Some(range) => {
                let range = range.check(size)?;
                let told = format!("bytes {}-{}/{size}", range.start, range.end - 1);
                (range, Some(told))
            }
        };
        let mut file = tokio::fs::File::from_std(file);
        file.seek(SeekFrom::Start(range.start)).await.map_err(failed)?;
        let length = range.end - range.start;
        let body = StreamingBlob::wrap(ReaderStream::with_capacity(file.take(length), CHUNK));
        Ok(S3Response::new(GetObjectOutput {
            body: Some(body),
            content_length: signed(length),
            content_range,
            accept_ranges: Some("bytes".into()),
            // The uploader's word for it is not passed on: what is signed says how it is shown.
            content_type: Some(input.response_content_type.unwrap_or_else(|| "application/octet-stream".into())),
            content_disposition: Some(input.response_content_disposition.unwrap_or_else(|| "attachment".into())),
            cache_control: input.response_cache_control,
            e_tag: Some(tag),
            last_modified: Some(metadata.modified().map_err(failed)?.into()),
            ..Default::default()
        }))
    }

    async fn delete_object(&self, request: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        let path = self.object(&request.input.bucket, &request.input.key)?;
        self.incoming.end(|slot| slot == request.input.key).await;
        self.remove(path).await?;
        Ok(S3Response::new(DeleteObjectOutput::default()))
    }

    async fn create_multipart_upload(
        &self,
        request: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let input = request.input;
        self.object(&input.bucket, &input.key)?;
        let id = self.fresh_id();
        self.begin_parts(&id, input.key.clone(), input.content_type).await?;
        Ok(S3Response::new(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id),
            ..Default::default()
        }))
    }

    async fn upload_part(&self, request: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        let input = request.input;
        self.object(&input.bucket, &input.key)?;
        let (of, ..) = self.parts(&input.upload_id, &input.key).await?;
        if !(1..=10_000).contains(&input.part_number) {
            return Err(s3_error!(InvalidArgument));
        }
        let size = length(input.content_length)?;
        let person = self.sender(&input.key).await?;
        let slot = slot_of_part(&input.upload_id, input.part_number);
        let admitted = self.incoming.admit(&slot, &person, size).await?;
        let new = self.fresh();
        let body = input.body.ok_or_else(|| s3_error!(IncompleteBody))?;
        let written = self.write(&new.0, body, size, &admitted).await?;
        sums_up(&written.sum, input.checksum_sha256.as_ref())?;
        self.sender(&input.key).await?;
        self.keep_part(of, input.part_number, new.0.clone(), &written).await?;
        Ok(S3Response::new(UploadPartOutput { e_tag: Some(ETag::Strong(written.tag())), ..Default::default() }))
    }

    async fn list_parts(&self, request: S3Request<ListPartsInput>) -> S3Result<S3Response<ListPartsOutput>> {
        let input = request.input;
        self.object(&input.bucket, &input.key)?;
        let (_, _, parts) = self.parts(&input.upload_id, &input.key).await?;
        let after = input.part_number_marker.unwrap_or(0);
        let most = usize::try_from(input.max_parts.unwrap_or(PARTS).clamp(1, PARTS)).unwrap_or(1);
        let mut page: Vec<Part> = parts
            .into_iter()
            .filter(|part| part.number > after)
            .take(most + 1)
            .map(|part| Part {
                part_number: Some(part.number),
                e_tag: Some(ETag::Strong(part.tag)),
                size: signed(part.size),
                ..Default::default()
            })
            .collect();
        let is_truncated = page.len() > most;
        page.truncate(most);
        Ok(S3Response::new(ListPartsOutput {
            next_part_number_marker: page.last().filter(|_| is_truncated).and_then(|part| part.part_number),
            is_truncated: Some(is_truncated),
            parts: Some(page),
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            ..Default::default()
        }))
    }

    async fn complete_multipart_upload(
        &self,
        request: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let input = request.input;
        let to = self.object(&input.bucket, &input.key)?;
        let (of, about, there) = self.parts(&input.upload_id, &input.key).await?;
        let wanted = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let mut chosen = vec![];
        for part in wanted {
            let number = part.part_number.unwrap_or_default();
            if chosen.last().is_some_and(|last: &super::multipart::Part| last.number >= number) {
                return Err(s3_error!(InvalidPartOrder));
            }
            let is_it = |found: &&super::multipart::Part| {
                found.number == number && part.e_tag.as_ref().is_some_and(|tag| tag.value() == found.tag)
            };
            chosen.push(there.iter().find(is_it).cloned().ok_or_else(|| s3_error!(InvalidPart))?);
        }
        let person = self.sender(&input.key).await?;
        let size = chosen.iter().map(|part| part.size).sum();
        let _admitted = self.incoming.admit(&input.upload_id, &person, size).await?;
        let new = self.fresh();
        let tag = self.join(new.0.clone(), chosen).await?;
        self.publish(new, to, About { content_type: about.content_type, tag: tag.clone(), key: None }).await?;
        self.remove(of).await?;
        Ok(S3Response::new(CompleteMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(tag)),
            ..Default::default()
        }))
    }

    async fn abort_multipart_upload(
        &self,
        request: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let input = request.input;
        self.object(&input.bucket, &input.key)?;
        let (of, ..) = self.parts(&input.upload_id, &input.key).await?;
        let parts = slot_of_parts(&input.upload_id);
        self.incoming.end(|slot| slot.starts_with(&parts)).await;
        self.remove(of).await?;
        Ok(S3Response::new(AbortMultipartUploadOutput::default()))
    }
}
