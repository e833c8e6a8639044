//! Operations put together, and the gradients of what comes out.

use super::operation::{Fused, Operation};
use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor, TensorData};
use std::sync::Arc;

/// An array in a graph of operations; flat, as the operations know the shapes.
#[derive(Debug, Clone)]
pub struct Array(Tensor<1>);

impl Array {
    /// An array whose gradient is wanted.
    pub fn parameter(values: Vec<f32>) -> Self {
        Self(tensor(values, &Device::default().autodiff()).require_grad())
    }

    /// An array that stays as it is: a graph of such arrays takes no notes for the way back.
    pub fn constant(values: Vec<f32>) -> Self {
        Self(tensor(values, &Device::default()))
    }

    /// Its values.
    pub fn values(&self) -> Vec<f32> {
        self.0.clone().into_data().try_into_vec().expect("arrays of the graph are f32")
    }

    /// Its last `count` values.
    ///
    /// # Panics
    ///
    /// More than there are.
    pub fn tail(&self, count: usize) -> Vec<f32> {
        let length = self.0.shape().num_elements();
        let tail = self.0.clone().narrow(0, length - count, count);
        tail.into_data().try_into_vec().expect("arrays of the graph are f32")
    }

    /// The gradients of this array, of one value, with respect to parameters.
    ///
    /// # Panics
    ///
    /// An array that doesn't depend on a parameter, or whose gradients were taken before.
    pub fn gradients(&self, parameters: &[&Self]) -> Vec<Vec<f32>> {
        let mut gradients = self.0.backward();
        let take = |parameter: &&Self| match parameter.0.grad_remove(&mut gradients) {
            Some(gradient) => gradient.into_data().try_into_vec().expect("gradients are f32"),
            None => vec![0.0; parameter.0.shape().num_elements()],
        };
        parameters.iter().map(take).collect()
    }
}

/// Arrays of parameters, what `loss` makes of them, and the gradient of its loss with respect to all, one after the other.
pub fn learn<T>(parameters: &[&[f32]], loss: impl FnOnce(&[Array]) -> (Array, T)) -> (T, Vec<f32>) {
    let arrays: Vec<Array> = parameters.iter().map(|array| Array::parameter(array.to_vec())).collect();
    let (loss, told) = loss(&arrays);
    (told, loss.gradients(&arrays.iter().collect::<Vec<_>>()).concat())
}

/// The same without a gradient.
pub fn measure<T>(parameters: &[&[f32]], loss: impl FnOnce(&[Array]) -> (Array, T)) -> T {
    let arrays: Vec<Array> = parameters.iter().map(|array| Array::constant(array.to_vec())).collect();
    loss(&arrays).1
}

fn tensor(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

/// An operation of one array.
pub fn apply_1(operation: Arc<dyn Operation>, a: &Array) -> Array {
    Array(Tensor::from_dispatch(Dispatch::fused_1(a.0.clone().into_dispatch(), operation)))
}

/// An operation of two arrays.
pub fn apply_2(operation: Arc<dyn Operation>, a: &Array, b: &Array) -> Array {
    let (a, b) = (a.0.clone().into_dispatch(), b.0.clone().into_dispatch());
    Array(Tensor::from_dispatch(Dispatch::fused_2(a, b, operation)))
}

/// An operation of three arrays.
pub fn apply_3(operation: Arc<dyn Operation>, a: &Array, b: &Array, c: &Array) -> Array {
    let [a, b, c] = [a, b, c].map(|array| array.0.clone().into_dispatch());
    Array(Tensor::from_dispatch(Dispatch::fused_3(a, b, c, operation)))
}

/// An operation of four arrays.
pub fn apply_4(operation: Arc<dyn Operation>, inputs: [&Array; 4]) -> Array {
    let [a, b, c, d] = inputs.map(|array| array.0.clone().into_dispatch());
    Array(Tensor::from_dispatch(Dispatch::fused_4(a, b, c, d, operation)))
}
