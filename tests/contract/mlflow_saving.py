"""Save the breast-cancer model, which answers probabilities, as MLflow does: run as a program, as MLflow warns."""

import sys

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

data = load_breast_cancer()
frame = pd.DataFrame(data.data, columns=[str(name) for name in data.feature_names])
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(frame, data.target)
mlflow.sklearn.save_model(
    model,
    sys.argv[1],
    signature=infer_signature(frame, model.predict_proba(frame)),
    pyfunc_predict_fn="predict_proba",
    pip_requirements=[],
)
