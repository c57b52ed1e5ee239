//! From the client to the endpoint in the same program, without a network between them.

use super::LocalS3;
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use s3s::Body;

pub(super) fn client(local: LocalS3) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Inside(local));
    http_client_fn(move |_, _| connector.clone())
}

#[derive(Debug)]
struct Inside(LocalS3);

impl HttpConnector for Inside {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let local = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let (mut head, body) = request.into_parts();
            // What a network client would put there.
            if !head.headers.contains_key(http::header::HOST) {
                head.headers.insert(http::header::HOST, http::HeaderValue::from_static(super::local::HOST));
            }
            let request = http::Request::from_parts(head, Body::http_body_unsync(body));
            let answer = local.call(request).await.map_err(|error| ConnectorError::other(error.into(), None))?;
            let (head, body) = answer.into_parts();
            // Only words about objects come this way; their bytes go to who has a signed address.
            let body = body.collect().await.map_err(ConnectorError::io)?.to_bytes();
            let status =
                StatusCode::try_from(head.status.as_u16()).map_err(|error| ConnectorError::user(error.into()))?;
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            for (name, value) in &head.headers {
                if let Ok(value) = value.to_str() {
                    response.headers_mut().append(name.as_str().to_owned(), value.to_owned());
                }
            }
            Ok(response)
        })
    }
}
