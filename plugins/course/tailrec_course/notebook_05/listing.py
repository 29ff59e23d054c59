"""The program of the article's section 5.2, without its comments."""

#: What a reader would type; the names and the missing import are the article's own.
LISTING = """\
import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

def preprocess_data(data):
    data = data.drop_duplicates()
    data = data.fillna(0)
    return data

def build_model(input_shape):
    model = keras.Sequential()
    model.add(layers.Dense(64, activation='relu', input_shape=input_shape))
    model.add(layers.Dense(64, activation='relu'))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model

def train_model(model, x_train, y_train, x_val, y_val, epochs=10):
    model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
    model.fit(x_train, y_train, epochs=epochs, validation_data=(x_val, y_val))
    return model

def code_explanation():
    preprocess_data(data)
    model = build_model(input_shape)
    model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
    model.fit(x_train, y_train, epochs=epochs, validation_data=(x_val, y_val))

def run_example():
    data = pd.read_csv('data.csv')
    data = preprocess_data(data)
    x = data.iloc[:, :-1].values
    y = data.iloc[:, -1].values
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=42)
    model = build_model(x_train.shape[1:])
    model = train_model(model, x_train, y_train, x_val, y_val)
    accuracy = model.evaluate(x_val, y_val)[1]
    print(f"Validation accuracy: {accuracy:.4f}")
"""
